import t from 'tap'
import { layOut } from '../../../server/federation/network/layout.ts'
import type { Network, Tie } from '../../../server/federation/network/network.ts'
import { type ChartOptions, chartOf } from '../../../server/federation/network/present-chart.ts'

const options: ChartOptions = {
  ...{ columns: 6, cell: { width: 190, height: 190 }, most: 18, radius: [20, 52], line: 21, label: 'Une carte & son tableau' },
  ...{ urlOf: ({ keyword }) => `/e/${keyword}`, groups: (count) => `${count} groupes` },
}

function network(size: number, ties: Partial<Tie>[] = []): Network {
  const places = Array.from({ length: size }, (_, at) => ({
    ...{ keyword: `k${at}`, title: `Titre ${at}`, languages: ['fr'], url: `https://a.example/e/k${at}`, groupCount: at, elsewhere: [] },
    ...(at % 2 ? { host: 'b.example' } : {}),
  }))
  return { places, ties: ties.map((tie) => ({ one: 0, other: 1, shared: 0, oneNames: false, otherNames: false, ...tie })), bridges: [] }
}

const islands = (svg: string) => [...svg.matchAll(/<a href="\/e\/(\w+)"/g)].map(([, keyword]) => keyword)

t.test('every island has a room of its own, the same each time', async (t) => {
  for (const size of [1, 2, 3, 7, 10, 18]) {
    const pulls = Array.from({ length: size * 2 }, (_, at) => ({ one: at % size, other: (at * 5 + 1) % size, weight: 1 })).filter(
      (p) => p.one !== p.other,
    )
    for (const columns of [2, 6]) {
      const sheet = { columns, cell: { width: 190, height: 150 } }
      const { spots, width, height } = layOut(size, pulls, sheet)
      t.equal(spots.length, size)
      t.same(layOut(size, pulls, sheet).spots, spots)
      t.ok(width <= columns * 190)
      for (const { x, y } of spots) t.ok(x >= 95 && x <= width - 95 && y >= 75 && y <= height - 74)
      for (const [at, one] of spots.entries())
        for (const other of spots.slice(at + 1)) t.ok(Math.abs(one.x - other.x) >= 190 || Math.abs(one.y - other.y) >= 150)
    }
  }
})

t.test('those that belong together are near each other', async (t) => {
  const { spots } = layOut(12, [{ one: 4, other: 11, weight: 3 }], { columns: 6, cell: { width: 100, height: 100 } })
  t.ok(Math.hypot(spots[4]!.x - spots[11]!.x, spots[4]!.y - spots[11]!.y) < 150)
})

t.test('what links them is drawn: thick, dotted, with its way', async (t) => {
  const draw = (tie: Partial<Tie>) => chartOf(network(2, [tie]), options).svgHtml
  const count = (svg: string, name: string) => svg.split(`class="${name}"`).length - 1
  t.same(
    [count(draw({ oneNames: true }), 'way'), count(draw({ oneNames: true, otherNames: true }), 'way'), count(draw({ shared: 3 }), 'way')],
    [1, 2, 0],
  )
  const thick = (shared: number) => Number(/stroke-width="(\d+)"/.exec(draw({ shared }))![1])
  t.ok(thick(1) < thick(4) && thick(4) < thick(20))
  t.equal(thick(1_000_000), 14)
  t.match(draw({ shared: 3 }), '>3</text>')
  t.equal(count(draw({ oneNames: true }), 'common'), 0)
  t.match(draw({}), '<a href="/e/k1" class="far"><title>Titre 1, 1 groupes, b.example</title>')
  t.match(draw({}), 'role="group" aria-label="Une carte &#38; son tableau"')
})

t.test('of many, those that are linked most', async (t) => {
  const ties = Array.from({ length: 400 }, (_, at) => ({ one: at % 20, other: 20 + ((at * 7) % 180), shared: 400 - at }))
  const { svgHtml, left, thinned } = chartOf(network(200, ties), options)
  t.equal(islands(svgHtml).length, 18)
  t.equal(left, 182)
  t.ok(islands(svgHtml).every((keyword) => Number(keyword!.slice(1)) < 20))
  t.notOk(thinned)
  const all = Array.from({ length: 153 }, (_, at) => ({ one: at % 17, other: 17, shared: 1, oneNames: at === 152 }))
  const dense = chartOf(network(18, all), options)
  t.ok(dense.thinned)
  t.equal(dense.svgHtml.split('class="common"').length - 1, 36)
  t.match(dense.svgHtml, 'class="way"', 'what is said comes first')
  t.ok(svgHtml.length < 16_000, `${svgHtml.length}`)
})

t.test('names are cut, escaped and kept from turning', async (t) => {
  const { places, ...rest } = network(1)
  const name = (title: string) => {
    const { svgHtml } = chartOf({ ...rest, places: [{ ...places[0]!, title }] }, options)
    return [...svgHtml.matchAll(/<text x=[^>]*>([^<]*)/g)].map(([, text]) => text!.replace(/[\u2068\u2069]/g, '|'))
  }
  t.same(name('<b>"x" & y</b>'), ['|&#60;b&#62;&#34;x&#34; &#38; y&#60;/b&#62;|'])
  t.same(name('Groupes du littoral et des îles, de la pointe du Raz'), ['|Groupes du littoral|', '|et des îles, de la p…|'])
  t.same(name('Donaudampfschifffahrtsgesellschaft'), ['|Donaudampfschifffahr…|'])
  t.same(name('حديقة (2)'), ['|حديقة (2)|'])
})
