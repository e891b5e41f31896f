import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

export interface Running {
  url: string
  /** Milliseconds from the start of the process to its first answer. */
  startup: number
  /** Resident memory, megabytes. */
  memory: () => number
  stop: () => Promise<void>
}

/** A command of the shell that ends in a program which prints its address; `firstPath` is asked for as soon as it listens. */
export async function start(command: string, env: Record<string, string>, firstPath: string): Promise<Running> {
  const started = performance.now()
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
  const child = spawn('sh', ['-c', command], { cwd: root, env: { ...process.env, PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await addressOf(child)
  await (await fetch(url + firstPath)).arrayBuffer()
  const startup = performance.now() - started
  return {
    url,
    startup,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface(child.stdout!)) {
    const found = /http:\/\/\S+/.exec(line)?.[0]
    if (found) return found
  }
  throw new Error('The program ended before it said where it listens.')
}
