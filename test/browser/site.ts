import type { Test } from 'tap'
import { buildApp } from '../../server/app.ts'
import { loadDemo } from '../../server/demo/load.ts'
import { makeTestDeps, now, openSqlite } from '../helper.ts'

/** The real site with the sample content, on a free port: gives its origin. One a test file. */
export async function serveDemo(t: Test): Promise<string> {
  const db = await openSqlite(t)
  await loadDemo(db, () => new Date(now))
  const app = await buildApp(await makeTestDeps(db))
  t.teardown(() => app.close())
  return app.listen({ host: '127.0.0.1', port: 0 })
}
