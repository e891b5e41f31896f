import ipaddr from 'ipaddr.js'
import type { Config } from '../config.ts'
import type { Db } from '../db/tables.ts'
import { tooManyRequests } from '../errors.ts'
import { takeAttempt } from './actions.ts'
import { findFirstAttempt } from './queries.ts'
import { keyedHash } from './secret.ts'

/** How often something may be tried; `minutes` at most a day (older attempts are forgotten). */
export interface Limit {
  max: number
  minutes: number
}

interface LimitDeps {
  config: Pick<Config, 'secret'>
  clock: () => Date
}

/** Counts an attempt, also across restarts. Throws `tooManyRequests` when there were enough; only a keyed hash of `key` is kept. */
export async function countAttempt(db: Db, { config, clock }: LimitDeps, kind: string, key: string, { max, minutes }: Limit): Promise<void> {
  if (!config.secret) throw new Error('Limits need a secret.')
  const now = clock().getTime()
  const since = new Date(now - minutes * 60_000).toISOString()
  const attempt = { kind, key: keyedHash(config.secret, `${kind} ${key}`), at: new Date(now).toISOString() }
  if (await takeAttempt(db, attempt, since, max)) return
  const first = (await findFirstAttempt(db, kind, attempt.key, since)) ?? since
  throw tooManyRequests(Math.max(1, Math.ceil((Date.parse(first) + minutes * 60_000 - now) / 1000)))
}

/** The same for whoever shares a network. Loopback is not counted: it is a proxy that does not say for whom it asks. */
export async function countNetwork(db: Db, deps: LimitDeps, kind: string, ip: string, limit: Limit): Promise<void> {
  const network = networkOf(ip)
  if (network) await countAttempt(db, deps, `${kind} network`, network, limit)
}

/** An IPv4 address, or the 64 bits of IPv6 that one household or host gets. */
export function networkOf(ip: string): string | undefined {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (address.range() === 'loopback') return undefined
  return address instanceof ipaddr.IPv6
    ? `${address.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : address.toString()
}
