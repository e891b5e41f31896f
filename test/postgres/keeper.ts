// A process of its own: starts PostgreSQL, then waits for process `pid` to end, however it ends, and cleans up.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isAlive } from '../alive.ts'
import type { KeeperMessage, Run } from './keep.ts'
import { makeFolder, startServer } from './server.ts'

const pid = Number(process.argv[2])
const file = process.argv[3]!
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve())
})
const folder = makeFolder()
try {
  const server = await startServer(folder)
  try {
    announce({ url: server.url, keeper: process.pid, folder })
    await Promise.race([stopped, server.ended, watch()])
  } finally {
    await server.stop()
  }
} catch (error) {
  report({ error: `PostgreSQL for the tests could not start: ${(error as Error).message}` })
  process.exitCode = 1
} finally {
  rmSync(file, { force: true })
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
process.exit()

async function watch(): Promise<void> {
  while (isAlive(pid)) await setTimeout(200)
}

/** Written beside and renamed, so that nobody reads half an address; readable by its owner only, because it holds a password. */
function announce(run: Run): void {
  writeFileSync(`${file}.new`, JSON.stringify(run), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  report({ run })
}

function report(message: KeeperMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}
