import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase } from '../../../server/db/open.ts'
import { openEngine } from '../../engines.ts'
import { tokenOf } from '../../people.ts'
import { group } from '../../world.ts'

const program = join(import.meta.dirname, 'program.ts')
// About ten seconds where nothing else runs: eight processes start.
const wholeTest = 280_000
const patience = 30_000

t.test('two servers, each a process at an address of its own', { timeout: wholeTest }, async (t) => {
  const ports = [await findPort('127.0.0.1'), await findPort('127.0.0.2')].join()
  const a = await makeSite(t, '127.0.0.1', ports.split(',')[0]!, ports)
  const b = await makeSite(t, '127.0.0.2', ports.split(',')[1]!, ports)
  const [first, second] = await Promise.all([start(t, a), start(t, b)])
  const write = await writer(a)
  await write('POST', '', group({ shortName: 'alpha', name: 'Alpha', links: [{ service: 'home', url: 'https://alpha.example/' }] }))
  await write('POST', '', group({ shortName: 'beta', name: 'Beta' }))
  const twin = group({ shortName: 'alpha', name: 'Alpha d’ici', links: [{ service: 'home', url: 'http://www.alpha.example' }] })
  await (await writer(b))('POST', '', twin)

  const followed = await command(b, 'follow', a.origin, '--trust', 'automatic')
  t.match(followed, { code: 0, err: '', out: `${a.origin}/changes is followed (changes, automatic).` })
  t.match(followed.out, /New: 2\n[\s\S]*Perhaps here already: 1\n.*: alpha$/m, 'what it would bring, and what is here already')
  t.same(await shownAfterPull(b, 3), ['alpha-ip: Alpha', 'alpha: Alpha d’ici', 'beta: Beta'], 'the server that runs shows them')
  t.match(await json(b, '/g/beta.json'), { origin: { server: a.origin } })

  await write('PATCH', '/alpha', { name: 'Alpha bis' })
  await write('DELETE', '/beta')
  const last = ['alpha-ip: Alpha bis', 'alpha: Alpha d’ici']
  t.same(await shownAfterPull(b, 2), last)

  const ended = once(first, 'exit')
  first.kill('SIGKILL')
  t.same(await ended, [null, 'SIGKILL'])
  t.match(await command(b, 'pull'), { code: 1, out: `${a.origin}/changes: connect` })
  t.same(await shown(b), last, 'an outage deletes nothing')

  await start(t, a)
  await write('PATCH', '/alpha', { name: 'Alpha ter' })
  t.same(await shownAfterPull(b, 2), ['alpha-ip: Alpha ter', 'alpha: Alpha d’ici'])
  t.same(await shown(a), ['alpha: Alpha ter'])
  const told = await (await ask(`${b.origin}/groups.ndjson`)).text()
  t.match(told, 'Alpha d’ici')
  t.notMatch(told, 'Alpha ter', 'copies are not told again')
  const over = once(second, 'exit')
  second.kill('SIGTERM')
  t.same(await over, [0, null])
})

interface Site {
  origin: string
  dataDir: string
  env: Record<string, string>
  ports: string
}

async function makeSite(t: Test, host: string, port: string, ports: string): Promise<Site> {
  const { dataDir } = await openEngine(t, 'sqlite')
  return { origin: `http://${host}:${port}`, dataDir, ports, env: { HOST: host, PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'silent' } }
}

/** Starts a site's server; back when it listens, ended with the test if it does not end before. */
async function start(t: Test, { env, ports }: Site): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, ports, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part
  })
  const signal = AbortSignal.timeout(patience)
  while (!/is at \S+\n/.test(said))
    await Promise.race([
      once(child.stdout, 'data', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`it ended: ${said}`))),
    ])
  return child
}

/** Runs a command on a site's database to its end. */
function command({ env, ports }: Site, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ports, ...args], { env, timeout: patience }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

/** Writes through a site's API, from the version that is there, as somebody who may. */
async function writer({ origin, dataDir }: Site): Promise<(method: string, path: string, body?: object) => Promise<void>> {
  const db = openDatabase({ dataDir })
  const authorization = await tokenOf(db, 'operator').finally(() => db.destroy())
  return async (method, path, body) => {
    const url = `${origin}/api/groups${path}`
    const etag = method === 'POST' ? null : (await ask(url, { headers: { authorization } })).headers.get('etag')
    const headers = { authorization, ...(body ? { 'content-type': 'application/json' } : {}), ...(etag ? { 'if-match': etag } : {}) }
    await ask(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  }
}

/** What a site lists once it asked; should its server be asking at this very moment, until there are so many groups. */
async function shownAfterPull(site: Site, count: number): Promise<string[]> {
  const end = performance.now() + patience
  for (;;) {
    const { code, out, err } = await command(site, 'pull')
    if (code !== 0) throw new Error(out + err)
    const list = await shown(site)
    if (list.length === count || performance.now() > end) return list
  }
}

/** `short name: name` of all groups that a site lists. */
async function shown(site: Site): Promise<string[]> {
  const { items } = await json<{ items: { shortName: string; name: string }[] }>(site, '/groups.json')
  return items.map(({ shortName, name }) => `${shortName}: ${name}`).sort()
}

async function json<T>({ origin }: Site, path: string): Promise<T> {
  return (await ask(origin + path)).json() as T
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** A port of this address that nobody listens on, below those that connections of others are given. */
async function findPort(host: string): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  const server = createServer().listen(port, host)
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  if (!isFree) return findPort(host)
  server.close()
  await once(server, 'close')
  return port
}
