export interface Loop {
  start: () => void
  /** Soon, whatever the rhythm; several calls make one pass. */
  wake: () => void
  /** No pass begins any more; resolves when the one under way is over. */
  stop: () => Promise<void>
}

/** Calls `pass` again and again, never twice at once: `every` milliseconds after the last, or when it is woken. */
export function createLoop(pass: () => Promise<unknown>, every: number, onError: (error: unknown) => void): Loop {
  let state: 'new' | 'idle' | 'busy' | 'stopped' = 'new'
  let again = false
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()

  const begin = () => {
    clearTimeout(timer)
    state = 'busy'
    again = false
    last = pass()
      .catch(onError)
      .then(() => {
        if (state === 'stopped') return
        if (again) return begin()
        state = 'idle'
        timer = setTimeout(begin, every)
        // The server keeps the process alive, not its timers.
        timer.unref()
      })
  }

  return {
    start: () => {
      if (state === 'new') begin()
    },
    wake: () => {
      if (state === 'busy') again = true
      else if (state === 'idle') begin()
    },
    stop: async () => {
      state = 'stopped'
      clearTimeout(timer)
      await last
    },
  }
}
