import type { Db } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import * as urls from '../../urls.ts'
import { originOf } from '../copies/rules.ts'
import { mostKeys, type PublicKey, readKeys, signingKey } from './key.ts'
import { addKeys, findKey, listKids, listOwnKeys } from './queries.ts'

export interface KeyDeps {
  db: Db
  outbound: Outbound
  clock: () => Date
}

const most = 64 * 1024

/** Our public keys: the one in use, and those of statements that were signed before the secret changed. None without a secret. */
export async function ownKeys(db: Db, config: { secret?: string | undefined }): Promise<PublicKey[]> {
  if (!config.secret) return []
  const { public: current } = await signingKey(config)
  const earlier = (await listOwnKeys(db)).map((jwk) => JSON.parse(jwk) as PublicKey)
  return [current, ...earlier.filter(({ kid }) => kid !== current.kid)]
}

/** The keys that a server says are its own, now; nothing if it does not answer, or another answers in its place. */
export async function askKeys(outbound: Outbound, origin: string): Promise<PublicKey[] | undefined> {
  const outcome = await outbound.fetch(urls.absolute(origin, urls.keySet), {
    accept: 'application/jwk-set+json, application/json;q=0.9',
    maxBytes: most,
  })
  if (outcome.name !== 'ok' || originOf(outcome.url) !== origin) return undefined
  try {
    return await readKeys(JSON.parse(outcome.body.toString('utf8')))
  } catch {
    return undefined
  }
}

/** Asks a server for its keys and remembers those that are new, as long as there is room, for the day on which it is no longer there. */
export async function rememberKeys({ db, outbound, clock }: KeyDeps, origin: string): Promise<void> {
  const keys = (await askKeys(outbound, origin)) ?? []
  if (keys.length === 0) return
  const known = new Set(await listKids(db, origin))
  const fresh = keys.filter(({ kid }) => !known.has(kid)).slice(0, Math.max(0, mostKeys - known.size))
  const seen_at = clock().toISOString()
  await addKeys(
    db,
    fresh.map((key) => ({ origin, kid: key.kid, jwk: JSON.stringify(key), seen_at })),
  )
}

/** A key that is remembered of a server. */
export async function findOriginKey(db: Db, origin: string, kid: string): Promise<PublicKey | undefined> {
  const jwk = await findKey(db, origin, kid)
  return jwk === undefined ? undefined : JSON.parse(jwk)
}
