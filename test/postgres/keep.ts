import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../alive.ts'

export type Run = { url: string; keeper: number; folder: string }
export type KeeperMessage = { run: Run } | { error: string }

const runsFolder = join(import.meta.dirname, '../../.tap/postgres')

/** Starts a PostgreSQL that lives as long as process `pid`, and waits until it answers. Rejects with the keeper's words if it cannot. */
export async function startKeeper(pid: number): Promise<Run> {
  mkdirSync(runsFolder, { recursive: true })
  sweep()
  // Detached and without our streams: tap waits for every pipe it gave us, and Ctrl-C must not reach the keeper before it has cleaned up.
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), String(pid), runFile(pid)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const message = await new Promise<KeeperMessage>((resolve, reject) => {
    keeper.once('message', (message) => resolve(message as KeeperMessage))
    keeper.once('error', reject)
    keeper.once('exit', (code, signal) => reject(new Error(`The PostgreSQL keeper ended early (${signal ?? code}).`)))
  })
  keeper.removeAllListeners('exit')
  if (keeper.connected) keeper.disconnect()
  keeper.unref()
  if ('error' in message) throw new Error(message.error)
  return message.run
}

/** The server of this process: the run's, or one of its own when a test file is started by hand with `node`. */
export async function findOrStartServer(): Promise<Run> {
  return findServer() ?? (await startKeeper(process.pid))
}

/** The same, but only if it is there already. Its folder goes away with it: a place for temporary files that even a killed run leaves clean. */
export function findServer(): Run | undefined {
  return [process.ppid, process.pid].map((pid) => readRun(runFile(pid))).find((run) => run && isAlive(run.keeper))
}

/** Takes away what keepers left that were killed themselves: a PostgreSQL without its folder ends within a minute. */
function sweep(): void {
  for (const name of readdirSync(runsFolder).filter((name) => name.endsWith('.json'))) {
    const run = readRun(join(runsFolder, name))
    if (!run || isAlive(run.keeper)) continue
    rmSync(run.folder, { recursive: true, force: true })
    rmSync(join(runsFolder, name), { force: true })
  }
}

function readRun(file: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run
  } catch {
    return undefined
  }
}

function runFile(pid: number): string {
  return join(runsFolder, `${pid}.json`)
}
