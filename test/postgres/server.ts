import { type ChildProcess, type SpawnOptionsWithStdioTuple, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Program, prepareProgram } from './program.ts'
import { unprivileged } from './user.ts'

export type Server = { url: string; ended: Promise<unknown>; stop(): Promise<void> }

const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // In the data folder rather than /dev/shm: small in containers, and cleaned with the folder.
  dynamic_shared_memory_type: 'mmap',
  io_method: 'sync',
  log_checkpoints: 'off',
}

/** A private folder that the user PostgreSQL runs as owns. As root it must lie where that user can reach it, whatever TMPDIR says. */
export function makeFolder(): string {
  const user = unprivileged()
  const folder = mkdtempSync(join(user ? '/tmp' : tmpdir(), 'archipel-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Starts an empty PostgreSQL on a free loopback port. `url` is the address of its one database, for a role that owns it but is no superuser. */
export async function startServer(folder: string): Promise<Server> {
  const password = randomBytes(16).toString('hex')
  const program = await prepareProgram(folder)
  await initialise(program, folder, password)
  const { child, port } = await startOnFreePort(program, folder)
  const ended = once(child, 'exit')
  const stop = () => stopChild(child, ended)
  try {
    await createOwner(port, password)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgres://archipel:${password}@127.0.0.1:${port}/postgres`, ended, stop }
}

async function initialise(program: Program, folder: string, password: string): Promise<void> {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o644 })
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=postgres', '--auth=password', `--pwfile=${passwordFile}`]
  const child = spawn(
    program.initdb,
    ['--pgdata', dataFolder(folder), ...access, ...locale, '--no-sync', '--no-instructions'],
    asUser(program, folder),
  )
  const output = collect(child)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${output()}`)
}

/** Between finding a port and taking it somebody else may: then another one. */
async function startOnFreePort(program: Program, folder: string): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { child: await startChild(program, folder, port), port }
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function startChild(program: Program, folder: string, port: number): Promise<ChildProcess> {
  const options = Object.entries({ ...settings, port }).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(program.postgres, ['-D', dataFolder(folder), ...options], asUser(program, folder))
  const output = collect(child)
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', () => output().includes('ready to accept connections') && resolve())
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`postgres ended with ${signal ?? code}: ${output()}`)))
  })
  return child
}

/** The data is thrown away, so it stops at once, without a checkpoint. */
async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGQUIT')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}

async function createOwner(port: number, password: string): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
  await client.connect()
  try {
    await client.query(`CREATE ROLE archipel LOGIN PASSWORD '${password}'`)
    await client.query('ALTER DATABASE postgres OWNER TO archipel')
  } finally {
    await client.end()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** The last lines a child wrote; reading them also keeps it from waiting on a full pipe. */
function collect(child: ChildProcess): () => string {
  let text = ''
  const add = (chunk: Buffer) => {
    text = (text + chunk).slice(-4_000)
  }
  child.stdout!.on('data', add)
  child.stderr!.on('data', add)
  return () => text
}

function asUser(program: Program, folder: string): SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'> {
  const env = { LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: program.libraries }
  return { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...unprivileged() }
}

function dataFolder(folder: string): string {
  return join(folder, 'data')
}
