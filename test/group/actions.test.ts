import t from 'tap'
import { createCatalogue } from '../../server/catalogue/catalogue.ts'
import { createGroup, deleteGroup, editGroup } from '../../server/group/actions.ts'
import { checkGroup } from '../../server/group/check.ts'
import { listGroups } from '../../server/group/list.ts'
import { findGroup, findNameOwner, findTombstone } from '../../server/group/queries.ts'
import { readSearch } from '../../server/group/query.ts'
import { toGroup } from '../../server/group/row.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { group, rade } from '../world.ts'

const by = { at: now, via: 'command' as const }

eachEngine(t, 'a record is kept whole, found, changed, moved and deleted', async (t, open) => {
  const db = await openDb(t, await open())
  const deps = { db, catalogue: createCatalogue() }
  const find = async (q: string) => (await listGroups(deps, readSearch({ q }))).rows.map((row) => row.short_name)
  const row = await createGroup(db, rade, by)
  t.same(toGroup((await findGroup(db, rade.shortName))!), rade)
  t.same(await find('récolter'), [rade.shortName], 'found by its description')
  t.same(await find('bretagne'), [rade.shortName], 'found by the name of its region')

  const moved = await editGroup(db, row, { ...rade, shortName: 'jardin-du-port', name: 'Potager du port' }, { ...by, at: '2026-11-22T00:00:00.000Z' })
  t.equal(moved.revision, 2)
  t.equal(moved.created_at, now)
  t.same(await find('rade'), [], 'the old words are gone')
  t.same(await find('potager'), ['jardin-du-port'])
  t.match(await findNameOwner(db, 'jardin-de-la-rade'), { current: 'jardin-du-port' })
  await t.rejects(createGroup(db, group({ shortName: 'jardin-de-la-rade' }), by), { code: 'conflict' }, 'a released name serves no other group')
  await t.rejects(editGroup(db, row, { ...rade, name: 'Too late' }, by), { code: 'conflict' }, 'two at once')
  t.equal((await findGroup(db, 'jardin-du-port'))?.name, 'Potager du port', 'nothing was lost')

  await deleteGroup(db, moved, by)
  t.same(await find('potager'), [])
  t.match(await findTombstone(db, moved.id), { short_name: 'jardin-du-port', deleted_at: now })
  const revisions = await db.selectFrom('group_revision').select(['revision', 'via']).orderBy('revision').execute()
  t.same(revisions, [
    { revision: 1, via: 'command' },
    { revision: 2, via: 'command' },
  ])
  const changes = await db.selectFrom('change_log').select(['seq', 'kind']).orderBy('seq').execute()
  t.same(changes, [
    { seq: 1, kind: 'create' },
    { seq: 2, kind: 'update' },
    { seq: 3, kind: 'delete' },
  ])
})

eachEngine(t, 'a failed change leaves no trace, and takes no number', async (t, open) => {
  const db = await openDb(t, await open())
  await createGroup(db, rade, by)
  await t.rejects(createGroup(db, rade, by))
  await createGroup(db, group({ shortName: 'second' }), by)
  const rows = await db.selectFrom('change_log').select('seq').orderBy('seq').execute()
  t.same(rows, [{ seq: 1 }, { seq: 2 }])
})

t.test('one way to write a record', async (t) => {
  const { group: checked, faults } = checkGroup({
    ...rade,
    name: '  Jardin  ',
    region: 'fr-bre',
    country: 'fr',
    keywords: ['Énergie', 'énergie', { label: 'Jardin' }],
    links: [
      { service: 'subscribe', url: 'mailto:a@jardin.example' },
      { service: 'home', url: 'https://jardin.example', label: '' },
    ],
    partners: [],
    welcome: ['', 'Bonjour'],
    nextMeeting: { at: '2026-12-01T20:00:00+01:00' },
  })
  t.same(faults, [])
  t.match(checked, { name: 'Jardin', country: 'FR', region: 'FR-BRE', welcome: ['Bonjour'], nextMeeting: { at: '2026-12-01T19:00:00.000Z' } })
  t.same(checked.keywords, [
    { slug: 'energie', label: 'Énergie' },
    { slug: 'jardin', label: 'Jardin' },
  ])
  t.same(checked.links, [
    { service: 'home', url: 'https://jardin.example' },
    { service: 'subscribe', url: 'mailto:a@jardin.example' },
  ])
  t.notOk('partners' in checked)
})

t.test('what is refused', async (t) => {
  for (const [field, wrong] of Object.entries({
    name: '',
    summary: 'two\nlines',
    type: 'club',
    shortName: 'support',
    description: 'x'.repeat(5001),
    country: 'France',
    region: 'SN-DK',
    memberCount: -1,
    memberCountAt: 'yesterday',
    languages: ['not a language'],
    links: [{ service: 'home', url: 'javascript:alert(1)' }],
    position: { lat: 91, lng: 0, precision: 'exact' },
    colour: 'red',
  }))
    t.match(checkGroup({ ...rade, [field]: wrong }).faults, [{ field: new RegExp(`^${field}`) }], field)
  for (const name of ['a', 'Ab', 'a--b', 'a-', '-a', '1a', 'x'.repeat(41), 'groups', 'postmaster', 'é'])
    t.match(checkGroup({ ...rade, shortName: name }).faults, [{ field: 'shortName' }], name)
  for (const name of ['ab', 'a1', 'a-b', 'x'.repeat(40)]) t.same(checkGroup({ ...rade, shortName: name }).faults, [], name)
  for (const junk of [null, [], 'x', 1]) t.ok(checkGroup(junk).faults.length > 0)
})
