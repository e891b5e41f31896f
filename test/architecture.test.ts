import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { overBudget, type Source, violations } from './architecture.ts'

const root = join(import.meta.dirname, '..')
const dependencies = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies)
const files = globSync(['server/**/*.{ts,mjs}', 'migrations/**/*.ts'], { cwd: root })
  .filter((path) => !path.endsWith('schema-types.ts'))
  .sort()
  .map((path): Source => ({ path, text: readFileSync(join(root, path), 'utf8') }))

t.test('the product keeps to its architecture', async (t) => {
  t.same(violations(files, dependencies), [])
  for (const line of overBudget(files)) t.comment(`over budget: ${line}`)
})

t.test('each rule catches what it forbids', async (t) => {
  const caught: Record<string, Source> = {
    'speak SQL': { path: 'server/group/pages.ts', text: "import { sql } from 'kysely'" },
    'ask the database': { path: 'server/group/actions.ts', text: "await tx\n  .selectFrom('groups').execute()" },
    'knows the engines': { path: 'server/group/queries.ts', text: "import pg from 'pg'" },
    'read the environment': { path: 'server/http/views.ts', text: 'const dev = process.env.NODE_ENV' },
    'read the clock': { path: 'server/group/actions.ts', text: 'const now = new Date()' },
    'opens a socket outward': { path: 'server/site/pages.ts', text: "import { request } from 'node:https'" },
    'a socket outward': { path: 'server/http/cache.ts', text: "const { connect } = await import('node:tls')" },
    'by whatever door': { path: 'server/federation/actions.ts', text: 'const socket = new WebSocket(url)' },
    'speaks SMTP': { path: 'server/account/actions.ts', text: "import nodemailer from 'nodemailer'" },
    'another program': { path: 'server/transfer/feed.ts', text: "import { execFileSync } from 'node:child_process'" },
    'only net/ fetches': { path: 'server/transfer/feed.ts', text: 'const get = given ?? fetch\n' },
    'net/ fetches': { path: 'server/transfer/feed.ts', text: "await fetch('https://example.org')" },
    'do no I/O': { path: 'server/group/rules.ts', text: "import { readFileSync } from 'node:fs'" },
    'stand below': { path: 'server/text/words.ts', text: "import { findGroup } from '../group/queries.ts'" },
    'not by reading': { path: 'server/group/present-page.ts', text: "import { findGroup } from './queries.ts'" },
    'know db/ alone': { path: 'server/group/queries.ts', text: "import { groupPath } from '../urls.ts'" },
    'nothing of HTTP': { path: 'server/group/actions.ts', text: "import { reply } from '../http/errors.ts'" },
    'not the database': { path: 'server/group/pages.ts', text: "import { isPostgres } from '../db/dialect.ts'" },
    'open a transaction': { path: 'server/group/pages.ts', text: 'await transaction(db, save)' },
    'by name': { path: 'server/app.ts', text: "import { findGroup } from './group/queries.ts'" },
    'kysely alone': { path: 'migrations/0002-x.ts', text: "import { fold } from '../server/text/fold.ts'" },
    'its tests': { path: 'server/demo/load.ts', text: "import { world } from '../../test/world.ts'" },
    'not among the dependencies': { path: 'server/group/actions.ts', text: "import { v7 } from 'uuid'" },
  }
  for (const [why, file] of Object.entries(caught)) t.match(violations([file], ['kysely', 'pg']).join('\n'), why, why)
  const circle = [
    { path: 'server/group/actions.ts', text: "export {\n  a,\n  type B,\n} from '../widget/rules.ts'" },
    { path: 'server/widget/rules.ts', text: "const later = await import('../map/rules.ts')" },
    { path: 'server/map/rules.ts', text: "import '../group/rules.ts'" },
  ]
  const steps = [
    'server/group/actions.ts imports server/widget/rules.ts',
    'server/widget/rules.ts imports server/map/rules.ts',
    'server/map/rules.ts imports server/group/rules.ts',
  ]
  t.same(violations(circle, []), [`${steps.join(', ')} (no cycles between rooms)`])
})

t.test('what is allowed passes', async (t) => {
  const fine = [
    {
      path: 'server/group/queries.ts',
      text: "import { sql } from 'kysely'\nimport type { Group } from '../schema-types.ts'\ndb.selectFrom('groups')",
    },
    { path: 'server/group/present.ts', text: "import { type Db } from '../db/tables.ts'\nimport * as urls from '../urls.ts'" },
    { path: 'server/http/language.ts', text: "import type { IncomingHttpHeaders } from 'node:http'\n// not fetch( nor process.env\nnew Date(stamp)" },
    { path: 'server/federation/sync.ts', text: "if (headers['sec-fetch-site'] !== 'none') await deps.outbound.fetch(url)" },
    { path: 'server/net/outbound.ts', text: "import { request } from 'node:https'" },
  ]
  t.same(violations(fine, ['kysely']), [])
})

t.test('the budget is measured', async (t) => {
  const long = `export async function long() {\n${'  step()\n'.repeat(200)}}\n`
  t.same(overBudget([{ path: 'server/a.ts', text: long }]), ['server/a.ts: 202 lines', 'server/a.ts long: 202 lines'])
})
