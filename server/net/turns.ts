import { Failure } from './outcome.ts'

export interface TurnLimits {
  /** At the same time: to one host, and in all. */
  perHost: number
  total: number
  /** Milliseconds between two beginnings with one host. */
  pace: number
  /** How many may wait; one more is `busy`. */
  waiting: number
}

/** Waits for a turn with this host; call what comes back when done. Throws `Failure('busy')`, or the signal's reason. */
export type TakeTurn = (host: string, signal: AbortSignal) => Promise<() => void>

type Later = (run: () => void, milliseconds: number) => void
type Host = { running: number; isPaced: boolean }
type Waiting = { host: string; start: () => void }
type State = { limits: TurnLimits; later: Later; hosts: Map<string, Host>; queue: Waiting[]; running: number }

/** First come, first served among hosts that have room. A host that has nothing going on is forgotten. */
export function createTurns(limits: TurnLimits, later: Later = setTimeout): TakeTurn {
  const state: State = { limits, later, hosts: new Map(), queue: [], running: 0 }
  return async (host, signal) => {
    signal.throwIfAborted()
    return await enter(state, host, signal)
  }
}

function enter(state: State, host: string, signal: AbortSignal): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>()
  const leave = (reason: unknown) => {
    signal.removeEventListener('abort', giveUp)
    state.queue.splice(state.queue.indexOf(waiting), 1)
    reject(reason)
  }
  const giveUp = () => leave(signal.reason)
  const start = () => {
    signal.removeEventListener('abort', giveUp)
    resolve(endOnce(state, host))
  }
  const waiting = { host, start }
  signal.addEventListener('abort', giveUp)
  state.queue.push(waiting)
  advance(state)
  if (state.queue.length > state.limits.waiting) leave(new Failure('busy'))
  return promise
}

function advance(state: State): void {
  for (const waiting of [...state.queue]) {
    if (state.running >= state.limits.total) return
    if (!hasRoom(state.hosts.get(waiting.host), state.limits.perHost)) continue
    state.queue.splice(state.queue.indexOf(waiting), 1)
    begin(state, waiting)
  }
}

function hasRoom(host: Host | undefined, perHost: number): boolean {
  return !host || (host.running < perHost && !host.isPaced)
}

function begin(state: State, { host, start }: Waiting): void {
  const known = state.hosts.get(host) ?? { running: 0, isPaced: false }
  state.hosts.set(host, known)
  known.running++
  state.running++
  if (state.limits.pace > 0) {
    known.isPaced = true
    state.later(() => {
      known.isPaced = false
      goOn(state, host)
    }, state.limits.pace)
  }
  start()
}

function endOnce(state: State, host: string): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    state.running--
    state.hosts.get(host)!.running--
    goOn(state, host)
  }
}

function goOn(state: State, host: string): void {
  const known = state.hosts.get(host)
  if (known?.running === 0 && !known.isPaced) state.hosts.delete(host)
  advance(state)
}
