import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { loadDemo } from '../server/demo/load.ts'
import { engines, openEngine } from './engines.ts'
import { build, now, openDb } from './helper.ts'

// The same sample content in both engines: whatever is asked, the answer is the same, in the same order.

const noise = Array.from({ length: 1200 }, (_, at) => String.fromCodePoint(0x21 + ((at * 7919) % 0x2ff)))
  .join(' ')
  .replaceAll(/[\ud800-\udfff]/g, '')
const words = [
  'l’élec',
  "l'élec",
  'AND',
  'OR NOT',
  'NEAR(',
  'NEAR(a b, 2)',
  '"',
  '"sciences',
  '%',
  '_',
  '*',
  'coop*',
  ':',
  'name:cyou',
  '^',
  '^sciences',
  '(',
  ')) OR 1=1 --',
  "'; drop table group_record; --",
  '{name} : x',
  '\\',
  "\\'",
  'a & b | !c <-> d',
  'nul\0nul',
  '\0',
  '🌱',
  '🌱 jardin',
  'نادي',
  'نَادِي سماء',
  'علم',
  '東京',
  '日本',
  'сообщество',
  'ελλάδα',
  '한국',
  'ไทย',
  noise.slice(0, 10_000),
  'x'.repeat(10_000),
  Array.from({ length: 200 }, (_, at) => `mot${at}`).join(' '),
  Array.from({ length: 200 }, () => 'sciences').join(' '),
  'le la les',
  'the',
  'a',
  'z',
  'co',
  'de b',
  'elections',
  'élection',
  'ÉNERGIE',
  'coopératives',
  'coopérative',
  'cooperation',
  'bénévoles',
  'œuvres',
  'oeuvre',
  'Œuvres collectives',
  'straße',
  'podcast science-fiction',
  'sciences participatives',
  'openstreetmap',
  'osm slack',
  'mapping',
  'bénin',
  'Benin',
  'bretagne',
  'é',
  'e\u0301lection',
  '0elect',
  '1 2 3',
  '０',
  '-',
  '   ',
  '',
]

const choices = [
  'type=support',
  'type=support&type=thematic',
  'activity=active',
  'activity=unknown',
  'activity=any',
  'activity=archived&activity=preparing',
  'keyword=openstreetmap',
  'keyword=coop-group&keyword=communs',
  'keyword=Énergie',
  'keyword=%00',
  'keyword=🌱',
  'keyword=علم الفلك',
  'keyword=nothing-like-it',
  'country=FR',
  'country=FR&country=BJ',
  'country=ZZ',
  'region=FR-NAQ',
  'language=fr',
  'server=here',
  'language=ar&language=en',
  'language=pt-BR',
  'wanted=1',
  'near=44.84,-0.58',
  'near=44.84,-0.58&sort=distance&radius=500',
  'near=0,0&radius=20040&sort=distance&size=100',
  'near=90,180&radius=0.001',
  'bbox=-5,41,10,52',
  'bbox=170,-60,-170,20',
  'bbox=-180,-90,180,90',
  'bbox=3,3,3,3',
  'q=communauté&type=territorial&country=FR&sort=members',
  'q=openstreetmap&near=48.85,2.35&radius=300',
  'sort=name',
  'sort=updated',
  'sort=members',
  'sort=relevance',
  'q=sciences&sort=updated',
  'q=carte&sort=name&size=100',
  'size=1',
  'size=100',
  'size=1e1',
  'q=map&size=1',
  'lang=en',
  'country=DE&lang=en',
]

const wrong = [
  'sort=distance',
  'radius=5',
  'size=0',
  'size=101',
  'near=91,0',
  'bbox=1,2,3',
  'bbox=0,50,10,40',
  'after=%21',
  'after=e30',
  'after=AAAA',
  'type=club',
  'activity=%00',
  'country=fr',
  'foo=1',
  'q=a&q=b',
  'type=%ff',
  'lang=de',
  'wanted=yes',
]

const scoped = ['openstreetmap', 'coop-group', 'cyou', 'sciences', encodeURIComponent('علم-الفلك')]
const odd = [
  '/g/%00',
  '/g/%00.json',
  '/id/%00',
  '/%00',
  '/e/%00',
  '/e/%00.json',
  '/g/%F0%9F%8C%B1',
  `/g/${'x'.repeat(3000)}`,
  '/id/%27',
  '/%E2%80%8B',
]

const [sqlite, postgres] = await Promise.all(
  engines.map(async (engine) => {
    const db = await openDb(t, await openEngine(t, engine))
    await loadDemo(db, () => new Date(now))
    return build(t, db)
  }),
)

t.test('every question has one answer', async (t) => {
  const questions = [
    ...words.map((q) => `q=${encodeURIComponent(q)}`),
    ...choices.map(encodeURI).map((one) => one.replaceAll('%2500', '%00')),
    ...wrong,
  ]
  t.ok(questions.length >= 100)
  let found = 0
  for (const question of questions) {
    const { status, body } = await same(t, `/groups.json?${question}`)
    t.equal(status, wrong.includes(question) ? 400 : 200, `status of ${question.slice(0, 80)}`)
    found += Number(body.total > 0 && body.total < 400)
  }
  t.ok(found > 50, `${found} questions find some groups, not all`)
})

t.test('within an ecosystem too', async (t) => {
  const questions = [
    '',
    'q=sciences',
    'q=l%27%C3%A9lec',
    'activity=any&size=100',
    'sort=members',
    'country=BJ',
    'near=44.84,-0.58&sort=distance',
    'foo=1',
  ]
  for (const keyword of scoped) for (const question of questions) await same(t, `/e/${keyword}.json?${question}`)
  await same(t, '/e/%C3%89nergie.json')
  await same(t, '/ecosystems.json')
})

t.test('pages never fail, whatever is asked', async (t) => {
  for (const app of [sqlite!, postgres!]) {
    for (const q of words) {
      const { statusCode } = await app.inject(`/groups?q=${encodeURIComponent(q)}`)
      if (statusCode !== 200) t.fail(`${statusCode} for ${q.slice(0, 40)}`)
    }
    for (const path of odd) t.match((await app.inject(path)).statusCode, /^(400|404|414)$/, path.slice(0, 40))
  }
})

t.test('paging through everything', async (t) => {
  const orders = ['sort=name&size=7', 'sort=updated&size=11', 'sort=members&size=13', 'q=de&size=9', 'q=map&size=1', 'activity=any&size=100']
  for (const order of [...orders, 'near=48.85,2.35&radius=5000&sort=distance&size=5']) {
    const seen: string[] = []
    let total = 0
    for (let path: string | undefined = `/groups.json?${order}`; path; ) {
      const { body } = await same(t, path, { quiet: true })
      total = body.total
      seen.push(...body.items.map((item) => item.shortName))
      path = body.next?.replace(/^https?:\/\/[^/]+/, '')
    }
    t.equal(seen.length, total, `${order}: each of ${total}`)
    t.equal(new Set(seen).size, total, `${order}: once`)
  }
})

type List = { total: number; items: { shortName: string }[]; next: string | null }
type Answer = Awaited<ReturnType<FastifyInstance['inject']>>

/** Both answers without what each database makes for itself: the ids of imported groups and of requests. */
async function same(t: Test, path: string, { quiet = false } = {}): Promise<{ status: number; body: List }> {
  const [one, other] = await Promise.all([sqlite!.inject(path), postgres!.inject(path)])
  const plain = ({ statusCode, body }: Answer) => [statusCode, body.replaceAll(/"(id|iri|instance)":"[^"]*",?/g, '')]
  const equal = String(plain(one)) === String(plain(other))
  if (!equal) t.same(namesOf(one), namesOf(other), path.slice(0, 80))
  if (!equal || !quiet) t.same(plain(one), plain(other), path.slice(0, 80))
  return { status: one.statusCode, body: JSON.parse(one.body || '{}') as List }
}

/** Said first when two answers differ: easier to read than whole records. */
function namesOf(answer: Answer): string[] {
  return answer.body.startsWith('{') ? (answer.json().items ?? []).map((item: { shortName: string }) => item.shortName) : [answer.body]
}
