import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

const start = join(import.meta.dirname, '../../server/start.mjs')

/** The program on an empty database of its own: `name` is its DATA_DIR below `folder`, `env` other settings. */
export function program(t: Test, name = 'data', folder = t.testdir({}), env: Record<string, string | undefined> = {}) {
  const temp = join(folder, `${name}-temp`)
  mkdirSync(temp, { recursive: true })
  const settings = { PATH: process.env.PATH, DATA_DIR: join(folder, name), PUBLIC_URL: 'http://archipel.example', TMPDIR: temp, ...env }
  const archipel = (args: string[], input = '') =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const child = execFile(process.execPath, [start, ...args], { env: settings, maxBuffer: 1e8 }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      )
      child.stdin?.end(input)
    })
  /** Starts it and does not wait. */
  const launch = (args: string[]) => spawn(process.execPath, [start, ...args], { env: settings, stdio: ['pipe', 'pipe', 'pipe'] })
  return { archipel, launch, folder, temp, dataDir: settings.DATA_DIR }
}

/** How a program ended, and what it said. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }> {
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(async (stream) => Buffer.concat(await stream!.toArray()).toString()))
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve))
  return { code: child.exitCode, signal: child.signalCode, out: out!, err: err! }
}
