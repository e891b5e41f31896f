import { now } from '../helper.ts'

/** A clock for forms that take nothing from programs: each look at it is four seconds later, as if a person had read the page. */
export function patientClock(): () => Date {
  let time = Date.parse(now)
  return () => {
    time += 4_000
    return new Date(time)
  }
}
