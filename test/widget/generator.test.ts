import t from 'tap'
import { createGroup } from '../../server/group/actions.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { fill, group } from '../world.ts'

const db = await openSqlite(t)
await fill(db)
await createGroup(db, group({ shortName: 'hostile', name: '</textarea><script>alert("x")</script>' }), { at: now, via: 'command' })
const app = await build(t, db)
const ask = async (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

await eachEngine(t, 'each page offers its kinds, and makes a frame that is there', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db)
  const app = await build(t, db)
  const pages: Record<string, string[]> = {
    '/widgets': ['list', 'cards', 'map', 'count'],
    '/e/energie/widgets': ['list', 'cards', 'map', 'count'],
    '/e/balise/widgets': ['list', 'cards', 'map', 'count'],
    '/g/jardin-de-la-rade/widgets': ['group', 'neighbours'],
  }
  for (const [path, kinds] of Object.entries(pages)) {
    const { body } = await app.inject(path)
    t.same(
      [...body.matchAll(/type="radio" name="kind" value="(\w+)"/g)].map(([, kind]) => kind),
      kinds,
      path,
    )
    t.equal(madeOf(body).kind, kinds[0], 'the first one stands ready')
    for (const kind of kinds) {
      const answer = await app.inject(`${path}?kind=${kind}`)
      t.equal(answer.statusCode, 200)
      const made = madeOf(answer.body)
      t.equal(made.kind, kind)
      t.equal(made.preview, made.frame.slice(publicUrl.length), 'what is shown is what is copied')
      t.equal((await app.inject(made.preview)).statusCode, 200, made.preview)
      t.equal((await app.inject(made.fallback.slice(publicUrl.length))).statusCode, 200, made.fallback)
      t.equal(made.geolocation, kind === 'map')
    }
  }
})

t.test('every choice is in the code, in the frame and in the element', async (t) => {
  const choices = {
    ...{ q: 'a&"b', keyword: 'jardin', country: 'FR', region: 'FR-BRE', language: 'fr', wanted: '1', near: '48.4,-4.5', radius: '10' },
    ...{
      bbox: '-10,40,10,60',
      sort: 'members',
      controls: 'all',
      limit: '5',
      except: 'grenier',
      theme: 'dark',
      accent: 'B23A24',
      heading: 'Chez <nous>',
    },
  }
  const query = new URLSearchParams({ kind: 'cards', ...choices, 'widget-lang': 'en' })
  for (const type of ['thematic', 'support']) query.append('type', type)
  for (const activity of ['active', 'preparing']) query.append('activity', activity)
  const { body, statusCode } = await ask(`/e/energie/widgets?${query}`)
  t.equal(statusCode, 200)
  const { frame, title, element } = madeOf(body)
  const found = new URL(frame)
  t.equal(found.pathname, '/embed/cards/energie')
  t.same(Object.fromEntries(found.searchParams), { ...choices, accent: 'b23a24', lang: 'en', type: 'support', activity: 'preparing' })
  t.same(found.searchParams.getAll('type'), ['thematic', 'support'])
  t.equal(title, 'Groups as cards: Énergies d’ici', 'in the language of the widget')
  for (const part of [
    'kind="cards"',
    'keyword="energie"',
    'keywords="jardin"',
    'type="thematic support"',
    'limit="5"',
    'lang="en"',
    'accent="b23a24"',
  ])
    t.match(element, part)
  // What was asked for stands in the form.
  for (const [name, value] of Object.entries({ ...choices, limit: '5' }))
    if (!['wanted', 'controls', 'sort', 'theme', 'country', 'region', 'language'].includes(name)) t.equal(typedIn(body, name), value, name)
  for (const chosen of [
    'name="type" value="thematic" checked',
    'name="country" value="FR" checked',
    'name="wanted" value="1" checked',
    '<option value="dark" selected',
    '<option value="members" selected',
  ])
    t.match(body, chosen)
})

t.test('a form sends what is empty, and people write as they do', async (t) => {
  const empty = 'q=&keyword=&near=&radius=&bbox=&sort=&except=&limit=&accent=&heading='
  t.equal(madeOf((await ask(`/widgets?kind=list&${empty}`)).body).frame, `${publicUrl}/embed/list`)
  t.equal(
    madeOf((await ask(`/widgets?keyword=${encodeURIComponent('Énergie,  Jardin ,')}&accent=%23B23A24`)).body).frame,
    `${publicUrl}/embed/list?keyword=energie&keyword=jardin&accent=b23a24`,
  )
  t.equal(madeOf((await ask('/widgets?no-heading=1&heading=x')).body).frame, `${publicUrl}/embed/list?heading=`)
  t.equal(
    madeOf((await ask('/widgets?kind=count&limit=3&controls=all')).body).frame,
    `${publicUrl}/embed/count`,
    'nothing that a number has no use for',
  )
  t.equal(madeOf((await ask('/g/jardin-de-la-rade/widgets?kind=group&limit=3&q=x')).body).frame, `${publicUrl}/embed/group/jardin-de-la-rade`)
  t.equal(
    madeOf((await ask('/g/jardin-de-la-rade/widgets?kind=neighbours&limit=3')).body).frame,
    `${publicUrl}/embed/neighbours/jardin-de-la-rade?limit=3`,
  )
})

t.test('what is wrong comes back in the form, with a sentence at the field, in both languages', async (t) => {
  const wrong: [query: string, field: string, fr: RegExp, en: RegExp][] = [
    ['accent=zz', 'accent', /six chiffres/, /six digits/],
    ['limit=99', 'limit', /Au plus 50/, /At most 50/],
    ['limit=many', 'limit', /nombre entier/, /whole number/],
    [`heading=${'x'.repeat(121)}`, 'heading', /120 caractères/, /120 characters/],
    ['near=here', 'near', /latitude/, /latitude/],
    ['near=98,0', 'near', /90/, /90/],
    ['radius=3', 'radius', /point de départ/, /starting point/],
    ['sort=distance', 'sort', /point de départ/, /starting point/],
    ['bbox=1,2,3', 'bbox', /Quatre nombres/, /Four numbers/],
    ['except=NO', 'except', /minuscules/, /small letters/],
    ['type=club', 'type', /thematic/, /thematic/],
    ['country=france', 'country', /capitales/, /capitals/],
    ['kind=group', 'kind', /list, cards/, /list, cards/],
    ['kind=poster', 'kind', /list/, /list/],
    ['controls=most', 'controls', /none/, /none/],
    ['widget-lang=de', 'widget-lang', /fr, en/, /fr, en/],
    ['theme=pink', 'theme', /light/, /light/],
  ]
  for (const path of ['/widgets', '/e/energie/widgets']) {
    for (const [query, field, fr, en] of wrong) {
      for (const [lang, words] of [
        ['fr', fr],
        ['en', en],
      ] as const) {
        const { statusCode, body } = await ask(`${path}?${query}`, { 'accept-language': lang })
        t.equal(statusCode, 400, query)
        t.match(sentenceAt(body, field), words, `${lang} ${query}`)
        t.match(body, new RegExp(`role="alert"[\\s\\S]*<a href="#f-${field}">`), 'and in the summary, which leads there')
        t.match(body, new RegExp(`id="f-${field}"`))
        t.notMatch(body, '<iframe')
      }
    }
  }
  const { body } = await ask('/widgets?accent=zz&near=here&colour=red&q=kept&country=france')
  t.equal(typedIn(body, 'accent'), 'zz', 'what was typed is still there')
  t.equal(typedIn(body, 'q'), 'kept')
  t.match(body, 'name="country" value="france" checked')
  t.match(body, /<code>colour<\/code>/, 'a parameter without a field is named in the summary')
  t.match(body, /<details open>\s*<summary>Autour/, 'and no wrong field is folded away')
  for (const query of ['accent=zz', 'limit=0', 'kind=list']) t.equal((await ask(`/g/jardin-de-la-rade/widgets?${query}`)).statusCode, 400, query)
})

t.test('names are followed as on the page itself', async (t) => {
  t.match(await ask('/g/vieux-port/widgets'), { statusCode: 308, headers: { location: '/g/nouveau-port/widgets' } })
  t.match(await ask('/e/%C3%89nergie/widgets?kind=map'), { statusCode: 308, headers: { location: '/e/energie/widgets?kind=map' } })
  t.equal((await ask('/g/epave/widgets')).statusCode, 410)
  t.equal((await ask('/g/nobody/widgets')).statusCode, 404)
  t.equal((await ask('/e/zzz/widgets')).statusCode, 404)
})

t.test('each page leads to the form with its choices kept', async (t) => {
  const links: Record<string, string> = {
    '/groups?type=territorial&q=jardin&size=5': '/widgets?q=jardin&type=territorial',
    '/e/energie?wanted=1': '/e/energie/widgets?wanted=1',
    '/map?country=FR': '/widgets?kind=map&country=FR',
    '/e/energie/map': '/e/energie/widgets?kind=map',
    '/g/jardin-de-la-rade': '/g/jardin-de-la-rade/widgets',
  }
  for (const [page, link] of Object.entries(links)) {
    const found = /<a href="([^"]*widgets[^"]*)" rel="nofollow">Intégrer à un autre site<\/a>/.exec((await ask(page)).body)?.[1]
    t.equal(plain(found ?? ''), link, page)
    t.equal((await ask(link)).statusCode, 200)
  }
})

t.test('a name that is code is shown as a name', async (t) => {
  const { body } = await ask('/g/hostile/widgets?heading=%3C/textarea%3E%3Cscript%3E')
  t.notMatch(body, /<\/textarea><script>|<script>alert/)
  const { code, title } = madeOf(body)
  t.match(title, '</textarea><script>alert("x")</script>')
  t.notMatch(code.replace(/<script async[^>]*><\/script>/, ''), /<script|<\/textarea>/, 'in the code itself it is escaped once')
})

t.test('frames of our own are allowed here and nowhere else', async (t) => {
  const policy = async (url: string) => String((await ask(url)).headers['content-security-policy'])
  for (const url of ['/widgets', '/widgets?accent=zz', '/e/energie/widgets', '/g/jardin-de-la-rade/widgets'])
    t.match(await policy(url), "frame-src 'self'; frame-ancestors 'none'", url)
  for (const url of ['/', '/groups', '/g/jardin-de-la-rade', '/embed/list', '/g/widgets']) t.notMatch(await policy(url), 'frame-src', url)
})

t.test('the help names what is to be allowed, with this server’s address', async (t) => {
  for (const lang of ['fr', 'en']) {
    const { body } = await ask('/widgets', { 'accept-language': lang })
    for (const part of [
      'WordPress',
      'Drupal',
      'SPIP',
      'YesWiki',
      'Discourse',
      `frame-src ${publicUrl};`,
      `script-src ${publicUrl};`,
      `${publicUrl}/embed/<`,
    ])
      t.match(body, part)
    t.match(body, lang === 'fr' ? 'HTML personnalisé' : 'Custom HTML')
  }
})

/** What a page made, read as a browser would. */
function madeOf(body: string) {
  const code = plain(/<textarea id="code"[^>]*>([^<]*)<\/textarea>/.exec(body)?.[1] ?? '')
  const attribute = (name: string) => plain(new RegExp(`^<iframe [^>]*?\\b${name}="([^"]*)"`).exec(code)?.[1] ?? '')
  return {
    code,
    frame: attribute('src'),
    kind: new URL(attribute('src')).pathname.split('/')[2],
    title: attribute('title'),
    geolocation: attribute('allow') === 'geolocation',
    fallback: plain(/<a href="([^"]*)">/.exec(code)?.[1] ?? ''),
    element: plain(/<textarea id="element"[^>]*>([^<]*)<\/textarea>/.exec(body)?.[1] ?? ''),
    preview: plain(/<iframe id="frame" src="([^"]*)"/.exec(body)?.[1] ?? ''),
  }
}

function sentenceAt(body: string, field: string): string {
  return plain(new RegExp(`id="f-${field}-wrong">([^<]*)<`).exec(body)?.[1] ?? '')
}

function typedIn(body: string, name: string): string | undefined {
  const value = new RegExp(`<input id="f-${name}"[^>]* value="([^"]*)"`).exec(body)?.[1]
  return value === undefined ? undefined : plain(value)
}

function plain(html: string): string {
  const signs: Record<string, string> = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&#x3D;': '=', '&#x27;': "'", '&amp;': '&' }
  return html.replace(/&(quot|lt|gt|amp|#x3D|#x27);/g, (sign) => signs[sign]!)
}
