import t from 'tap'
import { decideItems, tidyCopies } from '../../../server/federation/follow/actions.ts'
import { addSource } from '../../../server/federation/follow/add-source.ts'
import { listDue, listSources } from '../../../server/federation/follow/queries.ts'
import { submitProfile } from '../../../server/federation/index/actions.ts'
import { findSubmitted } from '../../../server/federation/index/queries.ts'
import { nodeIdOf } from '../../../server/federation/index/rules.ts'
import { eachEngine } from '../../engines.ts'
import { followHome, type Here, homeAt, itemOf, openHere, put, sourceNow, standing, termsOf, visit } from './keeping.ts'

const ip = '203.0.113.5'
const profile = {
  linked_schemas: ['organizations_schema-v1.0.0'],
  name: 'Le jardin',
  primary_url: 'https://jardin.example/',
  description: 'Un jardin.',
}

function submit({ db, time }: Here, url: string): Promise<void> {
  return submitProfile({ db, clock: time.now, config: { secret: 'x'.repeat(40) } }, url, ip)
}

await eachEngine(t, 'an address that somebody submitted is free for people', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  put(here, a, 'alpha')
  here.pages.set('https://a.example/.well-known/nodeinfo', { links: [{ href: 'https://a.example/nodeinfo/2.1' }] })
  here.pages.set('https://a.example/nodeinfo/2.1', { software: { name: 'archipel' } })
  await submit(here, 'https://a.example/changes')
  const source = await addSource(here.follow, 'https://a.example', { trust: 'automatic' })
  t.match(source, { kind: 'changes', trust: 'automatic', submitted_at: null, quota: 20_000 })
  t.equal((await listSources(here.db)).length, 1)
  await visit(here, source)
  t.same(await standing(here), ['alpha'])
  await submit(here, 'https://a.example/changes')
  t.match(await sourceNow(here, source), { kind: 'changes', trust: 'automatic' }, 'what people follow is theirs')
  await t.rejects(followHome(here, a), { code: 'conflict' })
  const theirs = await followHome(here, a, { keyword: 'energie' })
  t.match(theirs, { url: source.url, keyword: 'energie' }, 'stewards do not stand in the operators’ way, nor they in theirs')

  const url = 'https://jardin.example/profil.json'
  here.pages.set(url, profile)
  await submit(here, url)
  const [submitted] = (await listSources(here.db)).filter((one) => one.url === url)
  await visit(here, submitted!)
  await decideItems(here.db, submitted!.id, [url], 'publish', termsOf(here))
  const taken = await addSource(here.follow, url, { trust: 'automatic', every: 60 })
  t.match(taken, { id: submitted!.id, submitted_at: null, every: 60, trust: 'automatic' })
  t.match(await itemOf(here, taken, url), { state: 'published' }, 'what was decided of it stays')
  t.same(await standing(here), ['Le jardin', 'alpha'])
})

await eachEngine(t, 'what never becomes a profile is forgotten, and waits behind the others', async (t, open) => {
  const here = await openHere(t, open)
  const [never, valid, later] = ['https://x.example/1', 'https://jardin.example/profil.json', 'https://x.example/2']
  here.pages.set(valid, profile)
  for (const url of [never, valid]) await submit(here, url)
  here.time.pass(0.01)
  const mine = await followHome(here, homeAt(here, 'https://z.example'))
  here.time.pass(1)
  t.same(
    (await listDue(here.db, here.time.now().toISOString(), 1)).map(({ id }) => id),
    [mine.id],
    'people first',
  )
  t.equal((await listSources(here.db))[0]!.id, mine.id)
  for (const source of await listSources(here.db)) await visit(here, source)
  here.time.pass(4)
  await submit(here, later)
  await tidyCopies(here.db, termsOf(here))
  t.equal((await listSources(here.db)).length, 4)
  t.match(await findSubmitted(here.db, nodeIdOf(never)), { url: never })
  here.time.pass(3)
  await tidyCopies(here.db, termsOf(here))
  t.same(
    (await listSources(here.db)).map(({ url }) => url),
    ['https://z.example/changes', valid, later],
    'a valid one waits for a person',
  )
  t.equal(await findSubmitted(here.db, nodeIdOf(never)), undefined)
})
