import t from 'tap'
import { loadDemo } from '../../server/demo/load.ts'
import { build, now, openSqlite, publicUrl } from '../helper.ts'

t.test('the two ecosystems of the sample share groups, and name each other at the server that shows them', async (t) => {
  const db = await openSqlite(t)
  await loadDemo(db, () => new Date(now), publicUrl)
  const app = await build(t, db)
  const { links } = (await app.inject('/network.json')).json()
  t.match(links, [{ one: `${publicUrl}/e/coop-group`, other: `${publicUrl}/e/cyou`, mutual: true }])
  t.ok(links[0].sharedGroups > 0)
  t.match((await app.inject('/e/cyou.json')).json().ecosystem.related, ['https://coop-group.org/', `${publicUrl}/e/coop-group`])
})
