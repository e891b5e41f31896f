import { type SigningKey, signingKey } from '../../../server/federation/move/key.ts'
import { signClaim } from '../../../server/federation/move/statement.ts'
import type { Here, Home } from '../follow/keeping.ts'

/** The key of a home, which tells it as ours do. */
export async function keyOf({ pages }: Here, { origin }: Home): Promise<SigningKey> {
  const key = await signingKey({ secret: origin })
  pages.set(keysOf({ origin }), { keys: [key.public] })
  return key
}

export function keysOf({ origin }: Pick<Home, 'origin'>): string {
  return `${origin}/.well-known/jwks.json`
}

/** What the home of a record says, a minute ago: that it is another one now. `kid` is the key that the statement names. */
export function say({ time }: Here, key: SigningKey, sub: string, to: string, kid = key.public.kid): Promise<string> {
  const at = new Date(time.now().getTime() - 60_000).toISOString()
  const [iss, there] = [new URL(sub).origin, new URL(to).origin]
  return signClaim({ ...key, public: { ...key.public, kid } }, { iss, sub, to, url: `${there}/g/x`, at })
}

/** From now on the record carries these statements. */
export function carry(home: Home, iri: string, statements: unknown[]): void {
  Object.assign(home.records.get(iri)!, { formerly: statements.map((forwarding) => ({ iri, forwarding })) })
}
