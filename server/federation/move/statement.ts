import { originOf } from '../copies/rules.ts'
import type { PublicKey, SigningKey } from './key.ts'

/** What a forwarding address says: the server `iss` kept the record `sub`, which is now the record `to`, with the page `url`. `at`: ISO time of the signature. */
export interface Claim {
  iss: string
  sub: string
  to: string
  url: string
  at: string
  /** The key that it names. */
  kid: string
}

/** RFC 9864 calls it Ed25519; before, it was EdDSA. */
const algorithms = ['Ed25519', 'EdDSA']
const type = 'forwarding+jwt'
/** No statement is longer, in characters. */
export const longestStatement = 8000

/** A compact JWS of the claim. What signs and checks is loaded where it is needed. */
export async function signClaim(key: SigningKey, { iss, sub, to, url, at }: Omit<Claim, 'kid'>): Promise<string> {
  const { CompactSign } = await import('jose')
  const payload = JSON.stringify({ iss, sub, to, url, iat: Date.parse(at) / 1000 })
  const signer = new CompactSign(new TextEncoder().encode(payload))
  return signer.setProtectedHeader({ alg: 'Ed25519', typ: type, kid: key.public.kid }).sign(key.private)
}

/**
 * What a statement claims, before anybody looked at its signature; nothing unless its parts agree: a server speaks of its own records, and what it
 * sends readers to is where the record went. A signature from the future is one of now.
 */
export function readClaim(statement: unknown, now: Date): Claim | undefined {
  if (typeof statement !== 'string' || statement.length > longestStatement || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(statement)) return undefined
  const [header, payload] = statement.split('.').map(decoded)
  if (!header || !payload || !algorithms.includes(String(header.alg)) || header.typ !== type || typeof header.kid !== 'string') return undefined
  const { iss, sub, to, url, iat } = payload
  const [here, there] = [originOf(sub), originOf(to)]
  const isWhole = here !== undefined && here === iss && there !== undefined && there !== here && originOf(url) === there
  if (!isWhole || typeof iat !== 'number' || !(iat > 0)) return undefined
  const at = new Date(Math.min(iat * 1000, now.getTime())).toISOString()
  return { iss: here, sub: sub as string, to: to as string, url: url as string, at, kid: header.kid }
}

/** Statements that a record carries: about where it was kept before. */
export function forwardingsOf(record: unknown): string[] {
  const formerly = (record as { formerly?: unknown } | null)?.formerly
  const all = Array.isArray(formerly) ? formerly.slice(0, 10) : []
  return all.map((one) => (one as { forwarding?: unknown } | null)?.forwarding).filter((one) => typeof one === 'string')
}

/** Whether this key signed it. */
export async function isSignedBy(statement: string, { kty, crv, x }: PublicKey): Promise<boolean> {
  const { compactVerify, importJWK } = await import('jose')
  try {
    await compactVerify(statement, await importJWK({ kty, crv, x }, 'Ed25519'), { algorithms })
    return true
  } catch {
    return false
  }
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
