import { createHash, createHmac, randomBytes } from 'node:crypto'

/** 256 bits that nobody can guess, as 43 signs that fit into an address or a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a secret. It is random and long: a plain hash cannot be turned back, and finding it by hash tells nothing by time. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export function isSecret(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{43}$/.test(text)
}

/** What stands for an address or a network where things are counted: the same each time, and no way back without the key. */
export function keyedHash(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)
}
