import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import t from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { createGroup } from '../../server/group/actions.ts'
import type { Group } from '../../server/schema-types.ts'
import { randomFrom } from '../../server/text/random.ts'
import * as urls from '../../server/urls.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb } from '../helper.ts'
import { fill, group } from '../world.ts'
import { namesIn, waysFrom } from './read.ts'

// The law of widgets: whatever a visitor asks for, what is shown is what the site chose, or less.

const random = randomFrom('narrowing')
const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const some = (share: number) => random() < share
const words = ['jardin', 'mer', 'balise', 'vent', 'le', 'groupe']
const values = {
  type: ['thematic', 'territorial', 'support'],
  activity: ['preparing', 'active', 'archived', 'unknown', 'any'],
  keyword: ['energie', 'jardin', 'balise', 'mer'],
  country: ['FR', 'SN', 'ML'],
  region: ['FR-BRE', 'FR-IDF'],
  language: ['fr', 'ar', 'en'],
}

await eachEngine(t, 'random choices within random choices', async (t, open) => {
  const app = await site(t, await open())
  for (let turn = 0; turn < 60; turn++) {
    const keyword = some(0.3) ? one(['energie', 'balise', 'mer']) : undefined
    const [locked, mine] = [choices(0.25), choices(0.35)]
    const except = some(0.2) ? one(['balise-1', 'jardin-de-la-rade', 'no-such-group']) : undefined
    const wide = (await found(app, keyword, locked)).filter((name) => name !== except)
    const narrow = new Set(await found(app, undefined, mine.some(([name]) => name === 'activity') ? mine : [...mine, ['activity', 'any']]))
    const params: urls.Params = [...locked, ...mine.map(([name, value]): [string, string] => [`my-${name}`, value])]
    if (except) params.push(['except', except])
    const both = wide.filter((name) => narrow.has(name)).sort()
    const told = JSON.stringify([keyword, params])
    t.same((await shown(app, urls.withParams(urls.embed('list', keyword), [...params, ['limit', '7']]))).sort(), both, told)
    const { body } = await app.inject(urls.withParams(urls.embed('count', keyword), params))
    t.equal(Number(/<strong>(\d+)/.exec(body)?.[1] ?? 0), both.length, 'counted')
    const marks = await app.inject(urls.withParams(urls.twin(urls.embed('map', keyword), 'json'), params))
    t.equal(marks.json().total, both.length, 'on the map')
  }
})

await eachEngine(t, 'every link and form of a widget', async (t, open) => {
  const app = await site(t, await open())
  let visited = 0
  for (const kind of ['list', 'cards', 'map'] as const) {
    for (let turn = 0; turn < 4; turn++) {
      const keyword = some(0.5) ? 'balise' : undefined
      const locked = choices(0.1)
      const wide = new Set(await found(app, keyword, locked))
      const options: urls.Params = [
        ['controls', 'all'],
        ['limit', '5'],
        ['theme', 'dark'],
        ['heading', ''],
      ]
      visited += await crawl(t, app, {
        start: urls.withParams(urls.embed(kind, keyword), [...locked, ...options]),
        wide,
        kept: [...locked, ...options],
      })
    }
  }
  t.ok(visited > 100, `${visited} addresses`)
})

/** Follows what stays in the frame; `kept` must be in each address, `wide` hold each group shown. */
async function crawl(t: Test, app: FastifyInstance, { start, wide, kept }: { start: string; wide: Set<string>; kept: urls.Params }): Promise<number> {
  const queue = [start]
  const seen = new Set(queue)
  const path = start.split('?')[0]
  for (let at = 0; at < queue.length && at < 25; at++) {
    const { statusCode, body } = await app.inject(queue[at]!)
    const told = `${statusCode} ${queue[at]}`
    const params = new URL(queue[at]!, 'http://x').searchParams
    const changed = [...params.keys()].filter((name) => !name.startsWith('my-') && name !== 'after' && !kept.some(([one]) => one === name))
    const isKept = kept.every(([name, value]) => params.getAll(name).includes(value)) && changed.length === 0 && queue[at]!.startsWith(`${path}?`)
    const wider = namesIn(body).filter((name) => !wide.has(name))
    const { inside, outside, form } = waysFrom(body)
    const leaving = outside.filter((tag) => !/target="_blank" rel="noopener"/.test(tag))
    if (statusCode !== 200 || !isKept || wider.length > 0 || leaving.length > 0) t.fail(told, { wider, leaving, changed })
    if (form) inside.push(urls.withParams(form.action, [...form.hidden, ['my-q', one(words)]]))
    for (const next of inside.sort(() => random() - 0.5)) if (!seen.has(next)) queue.push(next) && seen.add(next)
  }
  return queue.length
}

function choices(share: number): urls.Params {
  const params: urls.Params = []
  if (some(share)) params.push(['q', some(0.3) ? `${one(words)} ${one(words)}` : one(words)])
  for (const [name, list] of Object.entries(values)) {
    if (some(share)) params.push([name, one(list)])
    if (some(share / 3) && params.at(-1)?.[0] === name) params.push([name, one(list)])
  }
  if (some(share / 3)) params.push(['wanted', '1'])
  if (some(share / 2)) params.push(['bbox', one(['-10,40,10,60', '170,-20,-10,60', '0,0,1,1'])])
  if (some(share / 2)) params.push(['near', '48.4,-4.5'], ['radius', one(['20', '4000'])])
  return params.filter(([name, value], at) => params.findIndex((other) => other[0] === name && other[1] === value) === at)
}

/** What the site's own list finds: another way to the same. */
async function found(app: FastifyInstance, keyword: string | undefined, params: urls.Params): Promise<string[]> {
  const list = urls.twin(keyword === undefined ? urls.groups : urls.ecosystem(keyword), 'json')
  const answer = await app.inject(urls.withParams(list, [...params, ['size', '100']]))
  return answer.json().items.map((item: { shortName: string }) => item.shortName)
}

/** Page after page. */
async function shown(app: FastifyInstance, url: string): Promise<string[]> {
  const names: string[] = []
  for (let next: string | undefined = url; next; ) {
    const { body }: { body: string } = await app.inject(next)
    names.push(...namesIn(body))
    next = waysFrom(body).inside.find((one) => /[?&]after=/.test(one))
  }
  return names
}

async function site(t: Test, engine: Parameters<typeof openDb>[1]): Promise<FastifyInstance> {
  const db = await openDb(t, engine)
  await fill(db, 10)
  await strangers(db, 40)
  return build(t, db)
}

async function strangers(db: Db, many: number): Promise<void> {
  for (let at = 0; at < many; at++) {
    const activity = one(values.activity)
    const country = one([...values.country, undefined])
    const facts = {
      shortName: `groupe-${at}`,
      name: `${one(words)} ${at}`,
      summary: `${one(words)} et ${one(words)}.`,
      type: one(values.type),
      ...(activity === 'any' || activity === 'unknown' ? {} : { activity }),
      ...(country === undefined ? {} : { country }),
      ...(country === 'FR' ? { region: one(values.region) } : {}),
      languages: [one(values.language)],
      keywords: [...new Set([one(values.keyword), one(values.keyword)])].map((slug) => ({ slug, label: slug })),
      ...(some(0.6) ? { position: { lat: 40 + random() * 20, lng: -20 + random() * 30, precision: one(['place', 'country']) } } : {}),
      roles: some(0.3) ? [{ role: 'facilitator', wanted: true }] : [],
    }
    await createGroup(db, group(facts as Partial<Group> & { shortName: string }), { at: now, via: 'command' })
  }
}
