import { checkUrl, type Policy } from './address.ts'
import { acceptedEncodings } from './body.ts'
import { Failure } from './outcome.ts'

export interface OutboundRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array
  accept?: string
  ifNoneMatch?: string
  ifModifiedSince?: string
  /** Of the body, as received and decompressed; 1 MiB. */
  maxBytes?: number
  /** How much is read of an answer that is an error (`http-error`); nothing unless said. */
  errorBytes?: number
  /** Milliseconds for everything, redirects and body included, once it is our turn; 10 seconds. */
  timeout?: number
  signal?: AbortSignal
}

/** A request as it is sent to one address; names of headers in lower case. */
export interface Hop {
  url: URL
  method: NonNullable<OutboundRequest['method']>
  headers: Record<string, string>
  body?: string | Uint8Array
}

/** What undici writes itself; from `host` it would take the name to check a certificate against. */
const unsaid = /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length)$/

/** What may be said to another origin than the one first asked: nothing that proves who we are. */
const innocent = ['accept', 'accept-encoding', 'accept-language', 'user-agent', 'if-none-match', 'if-modified-since', 'content-type']

/** The first request. Throws `Failure`. */
export function firstHop(url: string, request: OutboundRequest, publicUrl: string, policy: Policy): Hop {
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const conditions = Object.entries({ 'if-none-match': request.ifNoneMatch, 'if-modified-since': request.ifModifiedSince })
  const headers = {
    ...Object.fromEntries(given.filter(([name]) => !unsaid.test(name))),
    // They were said by another server: what could not stand in a header is not repeated.
    ...Object.fromEntries(conditions.filter((one): one is [string, string] => /^[\x20-\x7e]+$/.test(one[1] ?? ''))),
    accept: request.accept ?? '*/*',
    'accept-encoding': acceptedEncodings,
    'user-agent': `Archipel (+${publicUrl})`,
  }
  return { url: checkUrl(url, policy), method: request.method ?? 'GET', headers, body: request.body }
}

/** The request that a redirect asks for, checked like the first. Throws `Failure`. */
export function nextHop(hop: Hop, status: number, location: string, policy: Policy): Hop {
  const target = location === '' ? null : URL.parse(location, hop.url)
  if (!target) throw new Failure('bad-redirect')
  const url = checkUrl(target.href, policy)
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') throw new Failure('refused-downgrade')
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : hop.method === 'POST' && (status === 301 || status === 302)
  const kept = Object.entries(hop.headers).filter(([name]) => url.origin === hop.url.origin || innocent.includes(name))
  if (!becomesGet) return { ...hop, url, headers: Object.fromEntries(kept) }
  return { url, method: 'GET', headers: Object.fromEntries(kept.filter(([name]) => !/^content-|^digest$/.test(name))) }
}
