import { AppError } from '../errors.ts'

/** Runs one piece of work at a time, so that memory stays low. With `most` waiting already, throws a 503. */
export function createQueue(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return async (work) => {
    if (waiting > most) throw new AppError('unavailable', { detail: { key: 'picture.busy' }, headers: { 'retry-after': '30' } })
    waiting++
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    try {
      return await mine
    } finally {
      waiting--
    }
  }
}
