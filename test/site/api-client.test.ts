import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { build, openSqlite } from '../helper.ts'
import { tokenOf } from '../people.ts'
import { energy, fill } from '../world.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

// Somebody else's program: it knows the generated client and nothing of us.
const program = `
import { client } from './client/client.gen.ts'
import { changeGroup, createGroup, deleteGroup, getEcosystemLinkedData, getGroup, listEcosystemGroups, listEcosystems, listGroups } from './client/index.ts'

client.setConfig({ baseUrl: process.argv[2], auth: () => process.argv[3] })
const query = { keyword: ['balise'], size: 2, lang: 'en' as const }
const first = await listGroups({ query, throwOnError: true })
const next: string | null = first.data.next
const after = new URL(next ?? '').searchParams.get('after') ?? ''
const second = await listGroups({ query: { ...query, after }, throwOnError: true })
const one = await getGroup({ path: { shortName: first.data.items[0]!.shortName }, throwOnError: true })
const none = await getGroup({ path: { shortName: 'nobody' }, query: { lang: 'en' } })
const wrong = await listGroups({ query: { size: 500, lang: 'en' } })
if (!none.error || !wrong.error) throw new Error('there should be two problems')

const { items: [ecosystem] } = (await listEcosystems({ throwOnError: true })).data
const listed = await listEcosystemGroups({ path: { keyword: ecosystem!.keyword }, throwOnError: true })
const linked = await getEcosystemLinkedData({ path: { keyword: ecosystem!.keyword }, throwOnError: true })

const body = { shortName: 'atelier', name: 'Atelier', summary: 'On répare.', type: 'support' as const, languages: ['fr'] }
const created = await createGroup({ body, throwOnError: true })
const path = { shortName: created.data.shortName }
const headers = { 'If-Match': created.response.headers.get('etag') ?? '' }
const changed = await changeGroup({ path, headers, body: { summary: 'On répare des vélos.' }, throwOnError: true })
const outdated = await changeGroup({ path, query: { lang: 'en' }, headers, body: { summary: 'Trop tard.' } })
const twice = await createGroup({ query: { lang: 'en' }, body: { ...body, name: '' } })
const deleted = await deleteGroup({ path, headers: { 'If-Match': changed.response.headers.get('etag') ?? '' }, throwOnError: true })
const stranger = await deleteGroup({ path: { shortName: 'phare-citoyen' }, headers, auth: undefined })
if (!outdated.error || !twice.error || !stranger.error) throw new Error('there should be three problems')

// @ts-expect-error: not a parameter
listGroups({ query: { colour: 'red' } }).catch(() => undefined)
// @ts-expect-error: a change says from which version
changeGroup({ path, body: {} }).catch(() => undefined)
// @ts-expect-error: a group has a name
createGroup({ body: { shortName: 'sans-nom', summary: 'x', type: 'support' } }).catch(() => undefined)
// @ts-expect-error: not a type of group
const club = one.data.type === 'club'
const problem: { title: string; status: number; errors?: { field: string; message: string }[] } = none.error

console.log(JSON.stringify({
  total: first.data.total,
  labels: first.data.facets.type.map(({ label, count }) => [label, count]),
  names: [...first.data.items, ...second.data.items].map(({ name }) => name),
  one: [one.data.shortName, one.data.type, one.data.revision],
  problem: [problem.title, problem.status],
  wrong: wrong.error.errors?.map(({ field }) => field),
  ecosystem: [ecosystem!.title, listed.data.total, listed.data.items[0]?.shortName, linked.data['@type']],
  written: [created.response.status, created.data.revision, changed.data.revision, changed.data.summary, deleted.response.status],
  refused: [outdated.error.status, twice.error.errors?.map(({ field }) => field), stranger.error.status],
}))
`
const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'esnext',
  module: 'nodenext',
  lib: ['esnext', 'dom', 'dom.iterable'],
  types: ['node'],
  allowImportingTsExtensions: true,
  skipLibCheck: true,
}

t.test('a client that an independent generator makes from the description is typed and works', async (t) => {
  const dir = t.testdir({
    'program.ts': program,
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['program.ts'] }),
    'package.json': '{"type":"module"}',
  })
  const db = await openSqlite(t)
  await fill(db, 6)
  const app = await build(t, db)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  writeFileSync(join(dir, 'api.json'), (await app.inject('/api/openapi.json')).body)

  await generateClient(join(dir, 'api.json'), join(dir, 'client'))
  const types = await run(join(root, 'node_modules/.bin/tsc'), ['-p', dir]).catch((error: { stdout: string }) => error)
  t.equal(types.stdout, '', 'the types hold')
  const token = (await tokenOf(db, 'operator')).replace('Bearer ', '')
  const { stdout } = await run(process.execPath, [join(dir, 'program.ts'), address, token])
  t.same(JSON.parse(stdout), {
    total: 6,
    labels: [
      ['thematic', 4],
      ['support', 2],
    ],
    names: ['Balise 001', 'Balise 002', 'Balise 003', 'Balise 004'],
    one: ['balise-1', 'support', 1],
    problem: ['This page does not exist', 404],
    wrong: ['size'],
    ecosystem: [energy.title, 1, 'jardin-de-la-rade', 'Organization'],
    written: [201, 1, 2, 'On répare des vélos.', 204],
    refused: [412, ['name'], 401],
  })
})

/** The generator needs a TypeScript that can be called by programs, which ours no longer is: it is given the one that tap brings. */
async function generateClient(input: string, output: string): Promise<void> {
  const tap = createRequire(createRequire(import.meta.url).resolve('tap'))
  const url = pathToFileURL(createRequire(tap.resolve('@tapjs/test')).resolve('typescript')).href
  const hooks = registerHooks({
    resolve: (name, context, next) => (name === 'typescript' ? { url, format: 'commonjs', shortCircuit: true } : next(name, context)),
  })
  const { createClient } = await import('@hey-api/openapi-ts')
  const plugins = ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'] as const
  await createClient({ input, output: { path: output, module: { extension: '.ts' } }, plugins: [...plugins], logs: { level: 'silent' } })
  hooks.deregister()
}
