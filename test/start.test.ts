import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { commands } from '../server/cli.ts'
import { openDatabase } from '../server/db/open.ts'
import { openEngine } from './engines.ts'
import { newMail, queue } from './mail/world.ts'

// The program as people start it: a process of its own, its settings, what it prints and how it ends.
const start = join(import.meta.dirname, '../server/start.mjs')
const sentence = /^[^\n]{10,300}[.)]\n$/

t.test('serves, says where, and ends in good order', async (t) => {
  const { child, address, output } = await serve(t)
  t.match(address, /^http:\/\/127\.0\.0\.1:[1-9]\d+$/)
  const home = await fetch(address)
  t.equal(home.status, 200)
  t.match(await home.text(), 'La mer est encore vide')
  t.equal((await fetch(`${address}/readyz`)).status, 200)

  const slow = await askSlowly(t, address)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await refused(address)
  slow.write('theme=dark')
  t.match(await text(slow), /^HTTP\/1\.1 303 [\s\S]*set-cookie: theme=dark/i, 'what was under way is answered')
  t.same(await ended, [0, null])
  t.match(output(), /^Archipel is at \S+\n/m)
  const requests =
    output()
      .match(/^.*"msg":"request".*$/gm)
      ?.join('\n') ?? ''
  t.match(requests, '"route":"/preferences"')
  t.notMatch(requests.replaceAll(/"reqId":"[^"]*"/g, ''), /127\.0\.0\.1|node|dark|\?/i, 'the log holds nothing of who asked')
})

t.test('Ctrl-C ends it too', async (t) => {
  const { child } = await serve(t)
  child.kill('SIGINT')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('the sample content, twice, then served', async (t) => {
  const dataDir = await emptyFolder(t)
  t.match(await archipel(['demo'], { DATA_DIR: dataDir }), { code: 0, out: /\b3\d groups written, 390 imported/, err: '' })
  t.match(await archipel(['demo'], { DATA_DIR: dataDir }), { code: 0, out: /\b0 groups written, 0 imported/, err: '' })
  const { address } = await serve(t, ['demo', '--serve'], { DATA_DIR: dataDir })
  t.match(await (await fetch(`${address}/groups.json?size=1`)).json(), { total: 421 })
})

t.test('what cannot be read at the start is said, and mails leave all the same', async (t) => {
  const dataDir = await emptyFolder(t)
  t.equal((await archipel(['migrate'], { DATA_DIR: dataDir })).code, 0)
  const db = openDatabase({ dataDir })
  await queue(db, newMail(1))
  await db.schema.dropTable('group_words').execute()
  await db.destroy()
  const { address, output, child } = await serve(t, ['serve'], { DATA_DIR: dataDir })
  const outbox = join(dataDir, 'outbox')
  const hasMailed = () => existsSync(outbox) && readdirSync(outbox).length > 0
  const hasSaid = () => output().includes('the catalogue could not be loaded')
  for (let tries = 0; tries < 600 && !(hasMailed() && hasSaid()); tries++) await setTimeout(50)
  t.ok(hasSaid())
  t.ok(hasMailed())
  t.equal((await fetch(address)).status, 200)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('a port that is taken', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { code, err } = await archipel(['serve'], { PORT: String(port) })
  t.equal(code, 1)
  t.match(err, sentence)
  t.match(err, `PORT=${port + 1}`, 'and how to choose another')
})

t.test('what cannot be used is said in one sentence, without its secrets', async (t) => {
  const wrong: Record<string, string>[] = [
    { PORT: '70000' },
    { SECRET: 'hunter2' },
    { DATABASE_URL: 'mysql://root:hunter2@127.0.0.1/x' },
    { DATABASE_URL: 'postgres://someone:hunter2@127.0.0.1:1/x' },
    { DATA_DIR: '/dev/null/x' },
    { HOST: 'nowhere.invalid' },
  ]
  const outcomes = await Promise.all(wrong.map((env) => archipel(['serve'], env)))
  for (const [at, { code, out, err }] of outcomes.entries()) {
    const what = JSON.stringify(wrong[at])
    t.equal(code, 1, what)
    t.match(err, sentence, what)
    t.notMatch(out + err, /hunter2|\n\s+at |node:/, what)
  }
})

t.test('a database of a newer version is left alone', async (t) => {
  const dataDir = await emptyFolder(t)
  t.equal((await archipel(['migrate'], { DATA_DIR: dataDir })).code, 0)
  const db = openDatabase({ dataDir }).withTables<{ kysely_migration: { name: string; timestamp: string } }>()
  await db.insertInto('kysely_migration').values({ name: '9999-from-the-future', timestamp: '2030-01-01' }).execute()
  await db.destroy()
  const outcomes = await Promise.all(['serve', 'demo'].map((command) => archipel([command], { DATA_DIR: dataDir })))
  for (const { code, err } of outcomes) {
    t.equal(code, 1)
    t.match(err, sentence)
    t.match(err, '9999-from-the-future')
  }
})

t.test('help, and what it does not know', async (t) => {
  const [help, unknown, missing] = await Promise.all([
    archipel(['--help']),
    archipel(['fly']),
    archipel(['import', 'osm-community-index', '--file', '/nowhere.json']),
  ])
  t.equal(help.code, 0)
  for (const command of commands().commands) {
    t.match(help.out, `\n  ${command.name()} `)
    t.ok(command.description().length > 20, `${command.name()} is explained`)
  }
  t.match(unknown, { code: 1, out: '', err: /unknown command 'fly'[\s\S]*--help/ })
  t.match(missing, { code: 1, err: /^\/nowhere\.json cannot be read[^\n]*\n$/ })
})

type Outcome = { code: number; out: string; err: string }

/** Runs a command to its end, in a folder of its own unless `env` names one. */
async function archipel(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const settings = { DATA_DIR: await emptyFolder(t), PORT: '0', ...env }
  return new Promise((resolve) => {
    execFile(process.execPath, [start, ...args], { env: settings, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

/** Starts a server on a free port; ended with the test if the test does not. */
async function serve(t: Test, args = ['serve'], env: Record<string, string> = {}) {
  const settings = { DATA_DIR: await emptyFolder(t), PORT: '0', ...env }
  const child = spawn(process.execPath, [start, ...args], { env: settings, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => end(child))
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    printed += part
  })
  while (!/is at \S+\n/.test(printed))
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error(printed)))])
  return { child, address: /is at (\S+)\n/.exec(printed)![1]!, output: () => printed }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function emptyFolder(t: Test): Promise<string> {
  return (await openEngine(t, 'sqlite')).dataDir
}

/** A form whose fields are still on their way: the server has read the head when this is back. */
async function askSlowly(t: Test, address: string): Promise<Socket> {
  const { hostname, port, host } = new URL(address)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  const head = [
    'POST /preferences HTTP/1.1',
    `host: ${host}`,
    'content-type: application/x-www-form-urlencoded',
    'content-length: 10',
    'expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

/** Back when the server takes no new connection. */
async function refused(address: string): Promise<void> {
  const { hostname, port } = new URL(address)
  for (;;) {
    const socket = connect(Number(port), hostname)
    const [outcome] = await Promise.race([once(socket, 'connect').then(() => ['open']), once(socket, 'error')]).catch(() => ['refused'])
    socket.destroy()
    if (outcome !== 'open') return
  }
}
