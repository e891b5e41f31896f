import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Running {
  url: string
  /** Milliseconds from the start of the process to its first answer. */
  startup: number
  /** Resident memory, megabytes. */
  memory: () => number
  stop: () => Promise<void>
}

/** A Node program that prints its address, as a process of its own; `firstPath` is asked for as soon as it listens. */
export async function start(args: string[], env: Record<string, string>, firstPath: string): Promise<Running> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
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
