import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

/** A public Ed25519 key as others read it (RFC 8037); `kid` is its RFC 7638 thumbprint. */
export interface PublicKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
}

export interface SigningKey {
  private: KeyObject
  public: PublicKey
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Of one server. */
export const mostKeys = 50

/** The key that this server signs with, made from its secret each time: nothing to keep, and nothing in a copy of the database. Throws without a secret. */
export async function signingKey({ secret }: { secret?: string | undefined }): Promise<SigningKey> {
  if (!secret) throw new Error('Signing needs a secret.')
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'archipel forwarding Ed25519', 32))
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return { private: key, public: await toPublicKey(x!) }
}

async function toPublicKey(x: string): Promise<PublicKey> {
  const { calculateJwkThumbprint } = await import('jose')
  const key = { kty: 'OKP', crv: 'Ed25519', x } as const
  return { ...key, kid: await calculateJwkThumbprint(key), use: 'sig' }
}

/** The keys of a JWK set that we can use, each under its own thumbprint whatever it is called there. */
export async function readKeys(json: unknown): Promise<PublicKey[]> {
  const all = (json as { keys?: unknown } | undefined)?.keys
  const found = (Array.isArray(all) ? all : []).slice(0, mostKeys).filter(isEd25519)
  return Promise.all(found.map(({ x }) => toPublicKey(x)))
}

function isEd25519(key: unknown): key is { x: string } {
  const { kty, crv, x } = (key ?? {}) as Record<string, unknown>
  return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && /^[\w-]{43}$/.test(x)
}
