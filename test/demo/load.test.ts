import t from 'tap'
import { transaction } from '../../server/db/open.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { removeGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { eachEngine } from '../engines.ts'
import { build, now, openDb, openSqlite, publicUrl } from '../helper.ts'

t.test('the two ecosystems of the sample share groups, and name each other at the server that shows them', async (t) => {
  const db = await openSqlite(t)
  await loadDemo(db, () => new Date(now), publicUrl)
  const app = await build(t, db)
  const { links } = (await app.inject('/network.json')).json()
  t.match(links, [{ one: `${publicUrl}/e/coop-group`, other: `${publicUrl}/e/cyou`, mutual: true }])
  t.ok(links[0].sharedGroups > 0)
  t.match((await app.inject('/e/cyou.json')).json().ecosystem.related, ['https://coop-group.org/', `${publicUrl}/e/coop-group`])
})

await eachEngine(t, 'what was deleted of the sample stays so when it is loaded again', async (t, open) => {
  const db = await openDb(t, await open())
  const clock = () => new Date(now)
  const { groups } = await loadDemo(db, clock)
  const row = (await findGroup(db, 'anim-fr'))!
  await transaction(db, (tx) => removeGroup(tx, row, { at: now, via: 'command' }))
  t.equal((await loadDemo(db, clock)).groups, 0)
  t.notOk(await findGroup(db, 'anim-fr'))
  t.ok(groups > 0)
})
