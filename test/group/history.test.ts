import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import type { Db, GroupRow } from '../../server/db/tables.ts'
import { type Author, confirmGroup, deleteGroup, editGroup } from '../../server/group/actions.ts'
import { changesOf, withoutInside } from '../../server/group/history-changes.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import type { Group } from '../../server/schema-types.ts'
import { formats } from '../../server/text/format.ts'
import { type EngineConfig, eachEngine, openEngine } from '../engines.ts'
import { build, now, openDb } from '../helper.ts'
import { signInAs } from '../people.ts'
import { bands } from '../picture/images.ts'
import { send } from '../picture/send.ts'
import { fill, group, rade, sama } from '../world.ts'

const words = { t: (key: string) => key, format: formats('fr'), locale: 'fr' } as const
const path = '/g/jardin-de-la-rade/history'

t.test('each field says what was taken away and what was added', async (t) => {
  const before = {
    ...rade,
    summary: 'Un jardin partagé face à la mer.',
    welcome: ['Un.', 'Deux.', 'Un.'],
    banner: { url: '/uploads/a.png', width: 1, height: 1, alt: '' },
  }
  const after: Group = {
    ...rade,
    summary: 'Un grand jardin face à la rade.',
    keywords: [
      { slug: 'jardin', label: 'Jardin' },
      { slug: 'mer', label: 'Mer' },
    ],
    welcome: ['Deux.', 'Un.'],
    roles: [{ role: 'facilitator', wanted: false, holder: 'Ana' }],
    links: rade.links!.toReversed(),
    memberCount: 43,
  }
  const changes = new Map(changesOf(before, after, words).map((change) => [change.field, change]))
  t.same([...changes.keys()].sort(), ['banner', 'keywords', 'links', 'memberCount', 'roles', 'summary', 'welcome'])
  t.same(
    changes
      .get('summary')!
      .pieces!.filter(({ kind }) => kind !== 'same')
      .map(({ kind, text }) => `${kind} ${text.trim()}`),
    ['added grand', 'removed partagé', 'removed mer', 'added rade'],
  )
  t.match(changes.get('keywords'), { removed: ['Énergie'], added: ['Mer'], pieces: undefined })
  t.match(changes.get('welcome'), { removed: ['Un.'], added: [] }, 'said twice, once now')
  t.match(changes.get('links'), { moved: true, removed: [], added: [] })
  t.match(changes.get('memberCount'), { removed: ['42'], added: ['43'] })
  t.match(changes.get('roles'), { removed: ['role.facilitator · group.roleWanted'], added: ['role.facilitator · Ana'] })
  t.same(changesOf(rade, rade, words), [])
})

t.test('long texts: what stayed is shortened, what has nothing in common comes whole', async (t) => {
  const long = (word: string) =>
    Array.from({ length: 800 }, (_, at) => `${word}${at}`)
      .join(' ')
      .slice(0, 4990)
  const [change] = changesOf(
    group({ shortName: 'a', description: `début ${long('m')} fin` }),
    group({ shortName: 'a', description: `début ${long('m')} faim` }),
    words,
  )
  const said = change!.pieces!.map(({ text }) => text).join('')
  t.ok(said.length < 300, said)
  t.match(said, /^… .*fin.*faim/s)
  const [other] = changesOf(group({ shortName: 'a', description: long('x') }), group({ shortName: 'a', description: long('y').toUpperCase() }), words)
  t.ok(other!.pieces!.some(({ kind }) => kind === 'added'))
  t.match(changesOf(group({ shortName: 'a', description: 'a b' }), group({ shortName: 'a', description: 'a  b' }), words)[0], {
    moved: true,
    pieces: undefined,
  })
  const [arabic] = changesOf(sama, { ...sama, summary: 'نرصد القمر معا.' }, words)
  t.match(arabic!.pieces!.find(({ kind }) => kind === 'added')!.text, 'القمر')
})

t.test('links for insiders are nobody else’s, then or now', async (t) => {
  const links: Group['links'] = [
    { service: 'home', url: 'https://a.example/' },
    { service: 'tracking', url: 'https://a.example/suivi' },
  ]
  const shown = group({ shortName: 'a', links, publicServices: ['tracking'] })
  t.equal(withoutInside(shown, ['tracking']).links!.length, 2)
  t.equal(withoutInside(shown, undefined).links!.length, 1)
  t.equal(withoutInside(group({ shortName: 'a', links }), ['tracking']).links!.length, 1)
})

t.test('the public page: who, when, from where, what', (t) =>
  eachEngine(t, 'public', async (t, open) => {
    const { app, db, change } = await openSite(t, await open())
    await change({ summary: 'Un jardin partagé face à la rade <b>.' }, { author: 'Ana', via: 'form' })
    await change(
      {
        links: [
          { service: 'home', url: 'https://jardin.example/' },
          { service: 'tracking', url: 'https://jardin.example/secret' },
        ],
      },
      { via: 'form' },
    )
    await change(
      {
        links: [
          { service: 'home', url: 'https://jardin.example/' },
          { service: 'tracking', url: 'https://jardin.example/encore' },
        ],
      },
      { author: 'ana@people.example', via: 'api' },
    )
    const { statusCode, body } = await app.inject(path)
    t.equal(statusCode, 200)
    t.match(body, /<meta name="robots" content="noindex">/)
    t.match(body, /<bdi>Ana<\/bdi>, par le formulaire/)
    t.match(body, /un·e animateur·rice/)
    t.match(body, /par l’API/)
    t.match(body, /<del><bdi class="vh" lang="fr">Retiré.:\s<\/bdi>mer<\/del>/)
    t.match(body, /<ins><bdi class="vh" lang="fr">Ajouté.:\s<\/bdi>rade &lt;b&gt;/)
    t.match(body, 'Première version de la fiche.')
    t.match(body, 'Rien n’a changé de ce qui se voit ici.', 'only links for insiders did')
    t.notMatch(body, /people\.example|jardin\.example\/(secret|encore|suivi)/)
    t.notMatch(body, /<form method="post" action="\/g/)
    for (const url of [`${path}/1`, `${path}/3`])
      t.notMatch((await app.inject(url)).body, /people\.example|jardin\.example\/(secret|encore|suivi)/, url)
    const cookie = await signInAs(app, db, 'animator')
    const own = await app.inject({ url: path, headers: { cookie } })
    t.match(own.body, 'https://jardin.example/secret', 'who keeps it sees all')
    t.equal(own.headers['cache-control'], 'no-store')
    t.match((await app.inject('/g/jardin-de-la-rade')).body, `href="${path}"`)
    t.match((await app.inject({ url: path, headers: { 'accept-language': 'en' } })).body, 'an animator')
  }),
)

t.test('twenty at a time', (t) =>
  eachEngine(t, 'paged', async (t, open) => {
    const { app, change } = await openSite(t, await open())
    for (let at = 2; at <= 23; at++) await change({ memberCount: at }, { via: 'import' })
    const seen: number[] = []
    let next: string | undefined = path
    while (next) {
      const { body }: { body: string } = await app.inject(next)
      const found = [...body.matchAll(/<li id="r(\d+)">/g)].map(([, number]) => Number(number))
      t.ok(found.length <= 20)
      seen.push(...found)
      next = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&#x3D;', '=')
    }
    t.same(
      seen,
      Array.from({ length: 23 }, (_, at) => 23 - at),
    )
    for (const bad of ['?before=x', '?before=1', '?page=2']) t.equal((await app.inject(path + bad)).statusCode, 400, bad)
  }),
)

t.test('one field or all of a revision come back', (t) =>
  eachEngine(t, 'restore', async (t, open) => {
    const { app, db, change, restore, record } = await openSite(t, await open())
    const cookie = await signInAs(app, db, 'animator')
    await change({ summary: 'Autre chose.', memberCount: 7, description: undefined }, { via: 'form' })
    const beside = await app.inject({ url: `${path}/1`, headers: { cookie } })
    t.match(beside.body, /name="field" value="summary"/)
    t.match(beside.body, 'Rétablir toute la révision 1')
    t.match(await restore(cookie, 1, { against: '2', field: 'summary' }), { statusCode: 303, headers: { location: path } })
    t.match(await record(), { summary: rade.summary, member_count: 7, description: null, revision: 3 })
    t.equal((await restore(cookie, 1, { against: '3' })).statusCode, 303)
    t.same(toGroup(await record()), rade)
    t.match((await app.inject({ url: path })).body, /<bdi>Ana<\/bdi>/)
    t.match((await app.inject({ url: `${path}/4` })).body, 'La fiche d’aujourd’hui dit la même chose.')
    t.equal((await restore(cookie, 1, { against: '4' })).statusCode, 303)
    t.equal((await record()).revision, 4, 'the same again is no change')
  }),
)

t.test('two at once: the second compares again', (t) =>
  eachEngine(t, 'conflict', async (t, open) => {
    const { app, db, change, restore, record } = await openSite(t, await open())
    const cookie = await signInAs(app, db, 'animator')
    await change({ summary: 'Autre chose.' }, { via: 'form' })
    await change({ summary: 'Encore autre chose.' }, { via: 'form' })
    const late = await restore(cookie, 1, { against: '2' })
    t.equal(late.statusCode, 409)
    t.match(late.body, 'La fiche a changé entre-temps')
    t.match(late.body, /Encore/)
    t.match(late.body, /name="against" value="3"/)
    const answers = await Promise.all([1, 2, 1].map((number) => restore(cookie, number, { against: '3' })))
    t.same(answers.map(({ statusCode }) => statusCode).sort(), [303, 409, 409])
    t.equal((await record()).revision, 4)
  }),
)

t.test('what cannot come back', async (t) => {
  const engine = await openEngine(t, 'sqlite')
  const { app, db, change, restore, record } = await openSite(t, engine)
  const cookie = await signInAs(app, db, 'animator')
  const pictures = '/g/jardin-de-la-rade/pictures'
  await send(app, `${pictures}/banner`, cookie, [{ bytes: await bands(600, 60).png().toBuffer() }])
  await app.inject({ method: 'POST', url: `${pictures}/banner/remove`, headers: { cookie } })
  t.equal((await restore(cookie, 2, { against: '3', field: 'banner' })).statusCode, 303)
  t.match((await record()).banner, /uploads/, 'a picture that is still kept')
  await app.inject({ method: 'POST', url: `${pictures}/banner/remove`, headers: { cookie } })
  await change({ memberCount: 3 }, { via: 'form' })
  rmSync(join(engine.dataDir, 'uploads'), { recursive: true })
  const lost = await restore(cookie, 2, { against: '6', field: 'banner' })
  t.match([lost.statusCode, lost.body], [400, /n’est plus gardée/])
  t.equal((await restore(cookie, 2, { against: '6' })).statusCode, 303, 'the rest comes back')
  t.match(await record(), { banner: null, member_count: 42 })

  t.equal((await restore(cookie, 99, { against: '7' })).statusCode, 404)
  t.equal((await restore(cookie, 1, { against: '7', field: 'constructor' })).statusCode, 400)
  t.equal((await restore(cookie, 1, { against: 'x' })).statusCode, 400)
  t.equal((await restore(cookie, 1, { against: '7', more: '1' })).statusCode, 400)
  // A rule of today that the record of then breaks.
  const bad = JSON.stringify({ ...rade, summary: '' })
  await db
    .updateTable('group_revision')
    .set({ record: bad })
    .where('group_id', '=', (await record()).id)
    .where('revision', '=', 1)
    .execute()
  t.equal((await restore(cookie, 1, { against: '7' })).statusCode, 400)
  t.equal((await record()).revision, 7)
})

t.test('a former short name comes back, with its addresses', async (t) => {
  const { app, db, restore } = await openSite(t, await openEngine(t, 'sqlite'))
  const operator = await signInAs(app, db, 'operator')
  t.match(await app.inject('/g/vieux-port/history'), { statusCode: 308, headers: { location: '/g/nouveau-port/history' } })
  t.match(await restore(operator, 1, { against: '2' }, '/g/nouveau-port/history'), {
    statusCode: 303,
    headers: { location: '/g/vieux-port/history' },
  })
  t.match(await app.inject('/g/nouveau-port/history/1'), { statusCode: 308, headers: { location: '/g/vieux-port/history/1' } })
})

t.test('who must not, and what was deleted', async (t) => {
  const { app, db, restore, record } = await openSite(t, await openEngine(t, 'sqlite'))
  t.equal((await restore(undefined, 1, { against: '1' })).statusCode, 403)
  for (const who of ['otherAnimator', 'steward', 'stranger'] as const)
    t.equal((await restore(await signInAs(app, db, who), 1, { against: '1' })).statusCode, 403, who)
  const cookie = await signInAs(app, db, 'animator')
  await confirmGroup(db, await record(), { at: now, via: 'form' })
  t.match((await app.inject({ url: path, headers: { cookie } })).body, 'Fiche confirmée ou rétablie, sans changement.')
  await deleteGroup(db, await record(), { at: now, via: 'form' })
  t.equal((await app.inject(path)).statusCode, 410)
  t.equal((await app.inject({ url: path, headers: { cookie: await signInAs(app, db, 'stranger') } })).statusCode, 410)
  for (const who of [cookie, await signInAs(app, db, 'operator')]) {
    const { statusCode, body } = await app.inject({ url: path, headers: { cookie: who } })
    t.equal(statusCode, 200)
    t.match(body, 'Ce groupe est supprimé.')
    t.match(body, 'href="/g/jardin-de-la-rade/restore"')
  }
  t.equal((await restore(cookie, 1, { against: '2' })).statusCode, 410)
  t.equal((await app.inject('/g/nulle-part/history')).statusCode, 404)
  t.equal((await app.inject('/g/phare-citoyen/history/x')).statusCode, 404)
})

async function openSite(t: Test, engine: EngineConfig): Promise<Site> {
  const db = await openDb(t, engine)
  await fill(db, 1)
  const app = await build(t, db, { dataDir: engine.dataDir })
  const record = async () => (await findGroup(db, 'jardin-de-la-rade'))!
  return {
    app,
    db,
    record,
    change: async (facts, by) => {
      const row = await record()
      const group = Object.entries({ ...toGroup(row), ...facts }).filter(([, value]) => value !== undefined)
      await editGroup(db, row, Object.fromEntries(group) as unknown as Group, { at: now, ...by })
    },
    restore: (cookie, revision, form, history = path) =>
      app.inject({
        method: 'POST',
        url: `${history}/${revision}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie ? { cookie } : {}) },
        payload: new URLSearchParams(form).toString(),
      }),
  }
}

interface Site {
  app: FastifyInstance
  db: Db
  record: () => Promise<GroupRow>
  change: (facts: Partial<Group>, by: Omit<Author, 'at'>) => Promise<void>
  restore: (cookie: string | undefined, revision: number, form: Record<string, string>, history?: string) => Promise<LightMyRequestResponse>
}
