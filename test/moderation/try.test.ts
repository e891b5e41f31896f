import t from 'tap'
import { build, openSqlite } from '../helper.ts'
import { fill } from '../world.ts'
import { askModerationPages } from './pages.ts'
const db = await openSqlite(t)
await fill(db, 3)
const app = await build(t, db)
for (const l of ['fr', 'en'] as const)
for (const [what, a] of Object.entries(await askModerationPages(app, db, l))) {
  const faults = [...a.body.matchAll(/href="#([^"]*)">([^<]*)</g)].filter(([,id])=>!['main','essential'].includes(id!)).map(([, id, m]) => `${id}: ${m}`).slice(0,6)
  console.log(l, what, a.statusCode, a.headers.location ?? '', /<h1[^>]*>(.*?)<\/h1>/.exec(a.body)?.[1] ?? a.body.slice(0, 200), faults.join(' | '), /No sentence in.{30}/.exec(a.body)?.[0] ?? '')
}
