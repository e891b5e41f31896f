import * as urls from '../urls.ts'
import { readAddress } from './rules.ts'

export { addOperator, removeOperator } from './actions.ts'
export { listOperators } from './queries.ts'

/** The address as it is kept. Throws one sentence when it is none. */
export function toAddress(text: string): string {
  const address = readAddress(text)
  if (!address) throw new Error(`${JSON.stringify(text.slice(0, 100))} is not a mail address; expected something like name@example.org.`)
  return address
}

export function signInUrl(publicUrl: string): string {
  return urls.absolute(publicUrl, urls.signIn)
}
