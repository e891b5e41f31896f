import { join } from 'node:path'
import { intoConfig, replicateLDES } from 'ldes-client'
import t, { type Test } from 'tap'
import { buildApp } from '../../../server/app.ts'
import { transaction } from '../../../server/db/open.ts'
import type { Db } from '../../../server/db/tables.ts'
import { deleteGroup, editGroup, putGroups } from '../../../server/group/actions.ts'
import { findGroup } from '../../../server/group/queries.ts'
import { toGroup } from '../../../server/group/row.ts'
import { makeTestDeps, now, openSqlite } from '../../helper.ts'
import { crowd, rade } from '../../world.ts'

const by = { at: now, via: 'demo' } as const

t.test('a client that is not ours reads the feed: all of it, in order, and only what is new when it comes back', async (t) => {
  const db = await openSqlite(t)
  const [garden, first, second] = await transaction(db, (tx) =>
    putGroups(
      tx,
      [rade, ...crowd(259)].map((group) => ({ group })),
      by,
    ),
  )
  await rename(db, first!.short_name, 'Autrement')
  await deleteGroup(db, second!, by)
  const here = await serve(t, db)
  const statePath = join(t.testdir({}), 'state')

  const ascending = await members(t, `${here}/changes`, 'ascending', { statePath })
  t.same(
    ascending.map(({ id }) => id),
    Array.from({ length: 262 }, (_, at) => `${here}/changes#${at + 1}`),
  )
  t.match(ascending.slice(-2), [
    { type: /#Update$/, isVersionOf: `${here}/id/${first!.id}` },
    { type: /#Delete$/, isVersionOf: `${here}/id/${second!.id}` },
  ])
  const unordered = await members(t, `${here}/changes`, 'none')
  t.same(unordered.map(({ id }) => id).sort(), ascending.map(({ id }) => id).sort())

  await rename(db, 'balise-3', 'Encore')
  const resumed = await members(t, `${here}/changes`, 'ascending', { statePath })
  t.same(
    resumed.map(({ id }) => id),
    [`${here}/changes#263`],
  )

  const ofKeyword = await members(t, `${here}/changes?keyword=jardin`, 'ascending')
  t.match(ofKeyword, [{ id: `${here}/changes#1`, type: /#Create$/, isVersionOf: `${here}/id/${garden!.id}` }])
  t.equal(ofKeyword.length, 1)
})

interface Found {
  id: string
  type: string
  isVersionOf: string
}

async function rename(db: Db, shortName: string, name: string): Promise<void> {
  const row = (await findGroup(db, shortName))!
  await editGroup(db, row, { ...toGroup(row), name }, by)
}

/** The app on a port that the system chooses, which PUBLIC_URL then tells. */
async function serve(t: Test, db: Db): Promise<string> {
  const deps = await makeTestDeps(db)
  const app = await buildApp(deps)
  t.teardown(() => app.close())
  deps.config.publicUrl = await app.listen({ port: 0, host: '127.0.0.1' })
  return deps.config.publicUrl
}

async function members(t: Test, url: string, order: 'ascending' | 'none', more: { statePath?: string } = {}): Promise<Found[]> {
  const client = replicateLDES(intoConfig({ url, polling: false, ...more }), order)
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  const found: Found[] = []
  const reader = client.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const value = (name: string) => next.value!.quads.find(({ predicate }) => predicate.value.endsWith(name))?.object.value ?? ''
    found.push({ id: next.value.id.value, type: value('#type'), isVersionOf: value('/isVersionOf') })
  }
  t.same(errors, [])
  return found
}
