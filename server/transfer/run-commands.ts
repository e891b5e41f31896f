import { AppError } from '../errors.ts'
import type { Translate } from '../text/translate.ts'
import type { CommandTools, ExportOptions, ImportOptions } from './commands.ts'
import { exportTo } from './run-export.ts'
import { importFrom } from './run-import.ts'

/** `archipel export`; throws one sentence for the person at the terminal. */
export function runExport(options: ExportOptions, tools: CommandTools): Promise<void> {
  return speaking(tools, () => stopping((signal) => exportTo(options, tools, signal)))
}

/** `archipel import`; the same. */
export function runImport(file: string, options: ImportOptions, tools: CommandTools): Promise<void> {
  return speaking(tools, () => stopping((signal) => importFrom(file, options, tools, signal)))
}

/** Stops in order at the first signal; the second ends the program as it always does. */
async function stopping(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, onSignal)
  try {
    await run(stop.signal)
  } finally {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

/** Says what went wrong in a sentence that the person at the terminal can act on. */
async function speaking({ t }: CommandTools, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    throw readable(error as NodeJS.ErrnoException, t())
  }
}

function readable(error: NodeJS.ErrnoException, t: Translate): Error {
  if (error instanceof AppError) return new Error(error.detail ? t(error.detail.key, error.detail.values) : error.message)
  if (error.name === 'AbortError') return new Error('Stopped. What was written stays; run the same command again to do the rest.')
  if (error.code === 'ENOENT') return new Error(`${error.path} does not exist.`)
  if (error.code === 'EISDIR') return new Error('A file is expected, not a folder.')
  return error
}
