import ipaddr from 'ipaddr.js'
import { Failure } from './outcome.ts'

/** What is allowed beside public addresses on ports 80 and 443: for tests, and for an operator's own network. Never made from a request. */
export interface Policy {
  ports?: number[]
  /** Asked for an address in its canonical notation and a port; also lets an address stand in a URL. */
  allow?: (address: string, port: number) => boolean
}

const longest = 4096

/** Names that mean this machine or the network around it, and single labels, which a resolver may complete. */
const localName = /^[^.]*$|(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|onion|alt|invalid|test)$/

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Looks public, and is a cloud's door to its own machines (Azure). */
const cloudDoors = ['168.63.129.16']

/** The address to ask, its fragment and final dot dropped. Names are only looked at as names: `isReachable` has the last word. Throws `Failure`. */
export function checkUrl(text: string, policy: Policy): URL {
  const url = text.length > longest ? null : URL.parse(text)
  if (!url) throw new Failure('bad-url')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Failure('refused-scheme')
  if (url.username || url.password) throw new Failure('refused-userinfo')
  url.hash = ''
  url.hostname = url.hostname.replace(/\.$/, '')
  const literal = toLiteral(url.hostname)
  const isRefused = literal === undefined ? localName.test(url.hostname) : !policy.allow?.(literal, portOf(url))
  if (isRefused) throw new Failure('refused-address')
  if (![80, 443, ...(policy.ports ?? [])].includes(portOf(url))) throw new Failure('refused-port')
  return url
}

/** The address that stands in a URL in place of a name; the URL has already made all notations of IPv4 one. */
export function toLiteral(hostname: string): string | undefined {
  const text = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text) ? text : undefined
}

/** Whether a socket may be opened to what a resolver said. */
export function isReachable(address: string, port: number, policy: Policy): boolean {
  return isPublic(address) || (ipaddr.isValid(address) && Boolean(policy.allow?.(address, port)))
}

/** Whether an address belongs to the internet at large; what carries an IPv4 address inside IPv6 does not. */
export function isPublic(text: string): boolean {
  if (text.includes('%') || !ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || cloudDoors.includes(address.toString())) return false
  // Without this, what no range names is "unicast": `::7f00:1` among others.
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast)
}

export function isSameAddress(one: string, other: string): boolean {
  return ipaddr.isValid(one) && ipaddr.isValid(other) && ipaddr.process(one).toString() === ipaddr.process(other).toString()
}

export function portOf({ port, protocol }: { port: string; protocol: string }): number {
  return port ? Number(port) : protocol === 'https:' ? 443 : 80
}
