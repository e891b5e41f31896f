import { Failure } from './outcome.ts'

/** From the question to the end of its answer, redirects included. */
export interface Call {
  signal: AbortSignal
  /** Begins to count the time; the time in the queue does not count. */
  startClock(): void
  end(): void
}

/** Ends by itself after `timeout` milliseconds, when `signal` does, or with all other calls. */
export function createCalls(): { open(timeout: number, signal?: AbortSignal): Call; close(): void } {
  const calls = new Set<() => void>()
  let isClosed = false

  function open(timeout: number, signal?: AbortSignal): Call {
    const controller = new AbortController()
    const abort = () => controller.abort(new Failure('aborted'))
    let timer: NodeJS.Timeout | undefined
    calls.add(abort)
    signal?.addEventListener('abort', abort)
    if (isClosed || signal?.aborted) abort()
    return {
      signal: controller.signal,
      startClock() {
        timer ??= setTimeout(() => controller.abort(new Failure('timeout')), timeout)
      },
      end() {
        clearTimeout(timer)
        calls.delete(abort)
        signal?.removeEventListener('abort', abort)
      },
    }
  }

  function close(): void {
    isClosed = true
    for (const abort of calls) abort()
  }

  return { open, close }
}
