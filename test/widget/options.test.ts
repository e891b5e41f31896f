import t from 'tap'
import type { AppError } from '../../server/errors.ts'
import type { WidgetQuery } from '../../server/schema-types.ts'
import { readWidgetQuery, toMyParams, toWidgetParams } from '../../server/widget/options.ts'

const whole: WidgetQuery = {
  q: 'jardin',
  type: ['thematic'],
  keyword: ['Énergie'],
  near: '48.4,-4.5',
  radius: 20,
  sort: 'members',
  'my-q': 'mer',
  'my-country': ['FR', 'SN'],
  'my-bbox': '-10,40,10,60',
  controls: 'all',
  limit: 5,
  except: 'phare-citoyen',
  lang: 'fr',
  theme: 'dark',
  accent: 'FFee00',
  heading: ' Ici ',
}

t.test('what the site chose and what a visitor did are kept apart', async (t) => {
  const options = readWidgetQuery(whole, 'list')
  t.match(options.locked, { q: 'jardin', keywords: ['energie'], near: { radius: 20 }, facets: { type: ['thematic'] } })
  t.match(options.mine, { q: 'mer', keywords: [], near: undefined, facets: { country: ['FR', 'SN'] }, sort: 'members', size: 5 })
  t.same(toWidgetParams(options), [
    ['q', 'jardin'],
    ['type', 'thematic'],
    ['keyword', 'energie'],
    ['near', '48.4,-4.5'],
    ['radius', '20'],
    ['sort', 'members'],
    ['controls', 'all'],
    ['limit', '5'],
    ['except', 'phare-citoyen'],
    ['lang', 'fr'],
    ['theme', 'dark'],
    ['accent', 'ffee00'],
    ['heading', 'Ici'],
  ])
  t.same(toMyParams(options.mine), [
    ['my-q', 'mer'],
    ['my-country', 'FR'],
    ['my-country', 'SN'],
    ['my-bbox', '-10,40,10,60'],
  ])
})

t.test('defaults are not written; no heading is a choice', async (t) => {
  t.same(toWidgetParams(readWidgetQuery({}, 'cards')), [])
  t.same(toWidgetParams(readWidgetQuery({ heading: '' }, 'cards')), [['heading', '']])
  t.equal(readWidgetQuery({}, 'cards').mine.size, 12)
})

t.test('the order is the site’s, else that of what was asked for', async (t) => {
  const sorts: [WidgetQuery, string][] = [
    [{}, 'name'],
    [{ q: 'mer' }, 'relevance'],
    [{ 'my-q': 'mer' }, 'relevance'],
    [{ 'my-near': '1,2' }, 'distance'],
    [{ 'my-q': 'mer', sort: 'updated' }, 'updated'],
    [{ near: '1,2', sort: 'distance' }, 'distance'],
  ]
  for (const [query, sort] of sorts) t.equal(readWidgetQuery(query, 'list').mine.sort, sort, JSON.stringify(query))
})

t.test('what a schema cannot see is refused by its name', async (t) => {
  const refused: [WidgetQuery, string][] = [
    [{ 'my-near': '91,0' }, 'my-near'],
    [{ 'my-radius': 3 }, 'my-radius'],
    [{ 'my-bbox': '0,50,1,40' }, 'my-bbox'],
    [{ bbox: '0,50,1,40' }, 'bbox'],
    [{ sort: 'distance' }, 'sort'],
    [{ after: 'e30' }, 'after'],
  ]
  for (const [query, field] of refused) {
    try {
      readWidgetQuery(query, 'list')
      t.fail(field)
    } catch (error) {
      t.match((error as AppError).errors, [{ field }])
    }
  }
})
