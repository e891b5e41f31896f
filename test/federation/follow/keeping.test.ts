import t from 'tap'
import { decideItems, insertSource, removeSource, saveSource, tidyCopies } from '../../../server/federation/follow/actions.ts'
import { addSource } from '../../../server/federation/follow/add-source.ts'
import { pullDue } from '../../../server/federation/follow/pull.ts'
import { listFollowedEcosystems } from '../../../server/federation/network/queries.ts'
import { eachEngine } from '../../engines.ts'
import { now } from '../../helper.ts'
import { group } from '../../world.ts'
import { drop, followHome, homeAt, itemOf, keywordsOf, openHere, put, standing, termsOf, visit, word } from './keeping.ts'

await eachEngine(t, 'what operators block is nowhere, whoever follows it', async (t, open) => {
  const here = await openHere(t, open)
  const [a, b] = [homeAt(here, 'https://a.example'), homeAt(here, 'https://b.example')]
  put(here, a, 'alpha', { keywords: [word('energie')] })
  const beta = put(here, b, 'beta')
  const all = await followHome(here, a)
  const theirs = await followHome(here, a, { keyword: 'energie', keywords: ['energie'] })
  const alpha = `${a.origin}/id/alpha`
  here.pages.set('https://index.example/v2/nodes', { data: [] })
  const node = (profile_url: string) => ({ profile_url, last_updated: 1, status: 'posted' })
  here.pages.set('https://index.example/v2/nodes?page=1&page_size=500', { data: [node(alpha), node(beta)] })
  const index = await insertSource(
    here.db,
    { kind: 'murmurations-index', url: 'https://index.example/v2/nodes', keyword: null, trust: 'automatic' },
    here.time.now(),
  )
  await visit(here, theirs, index)
  t.same(await standing(here), ['alpha', 'beta'])

  const told = { source_id: theirs.id, keyword: 'energie', title: 'Énergie', language: null, group_count: 1, related: null, seen_at: now }
  await here.db.insertInto('remote_ecosystem').values(told).execute()
  t.equal((await listFollowedEcosystems(here.db, '2000', 10)).length, 1)
  await saveSource(here.db, all.id, { trust: 'blocked' }, termsOf(here))
  t.equal((await listFollowedEcosystems(here.db, '2000', 10)).length, 0)
  t.same(await standing(here), ['beta'], 'it vanishes though others brought it')
  await tidyCopies(here.db, termsOf(here))
  here.asked.length = 0
  here.time.pass(2)
  await here.db.updateTable('followed_source').set({ cursor: null }).execute()
  await pullDue(here.follow)
  t.same(await standing(here), ['beta'], 'and does not come back by a list that names it')
  t.same(
    here.asked.filter((url) => url.startsWith(a.origin)),
    [],
    'nothing is asked of it',
  )
  const blocked = { code: 'forbidden', detail: { key: 'error.follow.blocked' } }
  await t.rejects(followHome(here, a, { keyword: 'jardin', keywords: ['jardin'] }), blocked)
  await t.rejects(addSource(here.follow, `${a.origin}/e/jardin`, { keyword: 'jardin' }), blocked)
  t.same(
    here.asked.filter((url) => url.startsWith(a.origin)),
    [],
  )
  await t.rejects(decideItems(here.db, theirs.id, [alpha], 'publish', termsOf(here)), { code: 'conflict' })

  await saveSource(here.db, all.id, { trust: 'automatic' }, termsOf(here))
  t.same(await standing(here), ['alpha', 'beta'], 'they lift it: what others bring is back too')
})

await eachEngine(t, 'only operators lift what operators block', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  put(here, a, 'alpha', { keywords: [word('energie')] })
  const source = await followHome(here, a, { keyword: 'energie', keywords: ['energie'] })
  await visit(here, source)
  const blocked = { code: 'forbidden', detail: { key: 'error.follow.blocked' } }
  await saveSource(here.db, source.id, { trust: 'blocked' }, termsOf(here), 'stewards')
  await saveSource(here.db, source.id, { trust: 'review' }, termsOf(here), 'stewards')
  t.same(await standing(here), ['alpha'], 'their own no is theirs to take back')
  await saveSource(here.db, source.id, { trust: 'blocked' }, termsOf(here))
  await t.rejects(saveSource(here.db, source.id, { trust: 'review' }, termsOf(here), 'stewards'), blocked)
  await t.rejects(removeSource(here.db, source.id, here.time.now(), 'stewards'), blocked)
  await saveSource(here.db, source.id, { trust: 'blocked' }, termsOf(here), 'stewards')
  await t.rejects(saveSource(here.db, source.id, { trust: 'review' }, termsOf(here), 'stewards'), blocked, 'nor by saying it themselves')
  await t.rejects(followHome(here, a), blocked)
  await saveSource(here.db, source.id, { trust: 'review' }, termsOf(here))
  t.same(await standing(here), ['alpha'])
})

await eachEngine(t, 'one copy for all sources: operators’ words go, stewards add their own', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const keywords = [word('energie'), word('velo')]
  put(here, a, 'alpha', { keywords })
  const ours = await followHome(here, a, { mapping: { velo: 'Bicyclette' } })
  await visit(here, ours)
  t.same(await keywordsOf(here, 'alpha'), ['bicyclette', 'energie'])
  const mapping = { energie: 'Jardin', velo: 'Autre' }
  const theirs = await followHome(here, a, { keyword: 'jardin', keywords: ['energie'], mapping })
  await visit(here, theirs)
  t.same(await keywordsOf(here, 'alpha'), ['bicyclette', 'energie', 'jardin'], 'nothing is taken away, nothing of others is given')
  put(here, a, 'alpha', { keywords, summary: 'Once more.' })
  for (const source of [ours, theirs, ours]) {
    await visit(here, source)
    t.same(await keywordsOf(here, 'alpha'), ['bicyclette', 'energie', 'jardin'])
  }
  put(here, a, 'alpha', { keywords: [word('velo')] })
  await visit(here, theirs)
  t.same(await keywordsOf(here, 'alpha'), ['bicyclette', 'energie'], 'what left theirs is in the words of the others, as they know it')
})

await eachEngine(t, 'an older record, or a file, does not overwrite what its own address gave', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const alpha = put(here, a, 'alpha', { keywords: [word('energie')], summary: 'One.' })
  const theirs = await followHome(here, a, { keyword: 'energie', keywords: ['energie'], trust: 'review' })
  const ours = await followHome(here, a)
  await visit(here, theirs)
  put(here, a, 'alpha', { keywords: [word('energie')], summary: 'Two.' })
  await visit(here, ours)
  const summary = async () => (await here.db.selectFrom('group_record').select('summary').executeTakeFirstOrThrow()).summary
  t.equal(await summary(), 'Two.')
  await decideItems(here.db, theirs.id, [alpha], 'publish', termsOf(here))
  t.equal(await summary(), 'Two.', 'what waited is older than what is shown')
  // The operators look at changes; a steward does not show them in their stead.
  await saveSource(here.db, ours.id, { trust: 'review' }, termsOf(here))
  await saveSource(here.db, theirs.id, { trust: 'automatic' }, termsOf(here), 'stewards')
  put(here, a, 'alpha', { keywords: [word('energie')], summary: 'Three.' })
  await visit(here, ours, theirs)
  t.equal(await summary(), 'Two.')
  await decideItems(here.db, ours.id, [alpha], 'publish', termsOf(here))
  t.equal(await summary(), 'Three.')

  const properties = { iri: alpha, ...group({ shortName: 'alpha', summary: 'From a file.' }) }
  const url = `${a.origin}/groups.geojson`
  here.pages.set(url, { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: null, properties }] })
  const file = await insertSource(here.db, { kind: 'geojson', url, keyword: null, trust: 'automatic' }, here.time.now())
  t.match(await visit(here, file), { counts: { added: 1, refused: 0 } })
  t.equal(await summary(), 'Three.')
  t.equal((await itemOf(here, file, alpha)).group_id, (await itemOf(here, ours, alpha)).group_id)
  here.pages.set(url, { type: 'FeatureCollection', features: [] })
  for (let visits = 0; visits < 4; visits++) {
    await visit(here, file)
    here.time.pass(3.5)
  }
  t.match(await itemOf(here, file, alpha), { state: 'gone', reason: 'missing' })
  t.equal(await summary(), 'Three.', 'that a file lacks it says nothing to others')
})

await eachEngine(t, 'a deletion that one source heard of is one for all', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const alpha = put(here, a, 'alpha', { keywords: [word('energie')] })
  const beta = put(here, a, 'beta', { keywords: [word('energie')] })
  const gamma = put(here, a, 'gamma', { keywords: [word('energie')] })
  const ours = await followHome(here, a)
  const theirs = await followHome(here, a, { keyword: 'energie', keywords: ['energie'] })
  await visit(here, ours, theirs)
  await decideItems(here.db, theirs.id, [gamma], 'dismiss', termsOf(here))
  await here.db.updateTable('followed_source').set({ paused: 'rise' }).where('id', '=', theirs.id).execute()
  drop(here, a, alpha)
  drop(here, a, gamma)
  await visit(here, ours)
  t.same(await standing(here), ['beta'])
  t.match(await itemOf(here, theirs, alpha), { state: 'gone', record: null, reason: 'deleted' }, 'and nothing of it is kept')
  t.match(await itemOf(here, theirs, gamma), { state: 'gone', record: null, dismissed_at: String })

  put(here, a, 'beta', { keywords: [word('velo')] })
  await here.db.updateTable('followed_source').set({ paused: null }).execute()
  await visit(here, theirs)
  t.match(await itemOf(here, theirs, beta), { state: 'gone', reason: 'left' })
  t.same(await standing(here), ['beta'], 'that it left a keyword says nothing to others')
})

await eachEngine(t, 'what was set aside stays so, whatever its home does', async (t, open) => {
  const here = await openHere(t, open)
  const a = homeAt(here, 'https://a.example')
  const keywords = [word('energie')]
  const alpha = put(here, a, 'alpha', { keywords })
  const source = await followHome(here, a, { keywords: ['energie'] })
  await visit(here, source)
  await decideItems(here.db, source.id, [alpha], 'dismiss', termsOf(here))
  t.same(await standing(here), [])
  put(here, a, 'alpha', { keywords: [] })
  await visit(here, source)
  t.equal((await itemOf(here, source, alpha)).state, 'gone')
  put(here, a, 'alpha', { keywords })
  await visit(here, source)
  t.equal((await itemOf(here, source, alpha)).state, 'dismissed', 'it left the keyword and came back')
  drop(here, a, alpha)
  await visit(here, source)
  t.equal((await itemOf(here, source, alpha)).state, 'gone')
  put(here, a, 'alpha', { keywords })
  await visit(here, source)
  t.equal((await itemOf(here, source, alpha)).state, 'dismissed', 'it was deleted and made again')
  t.same(await standing(here), [])
  await decideItems(here.db, source.id, [alpha], 'publish', termsOf(here))
  drop(here, a, alpha)
  await visit(here, source)
  put(here, a, 'alpha', { keywords })
  await visit(here, source)
  t.same(await standing(here), ['alpha'], 'until a person says otherwise')
})
