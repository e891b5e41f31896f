import { createHmac, timingSafeEqual } from 'node:crypto'

interface TrapDeps {
  config: { secret?: string }
  clock: () => Date
}

const quickest = 3_000
const longest = 24 * 3600_000

/** For a hidden field of a form that anybody may send: when the form was made, in a way that only this server can write. */
export function newStamp({ config, clock }: TrapDeps): string {
  const at = String(clock().getTime())
  return `${at}.${sign(config.secret, at)}`
}

/**
 * Whether a person can have filled in this form: not within three seconds, nor with a stamp older than a day or made up. A person
 * who was that quick, or who left the form open overnight, only has to send it again with a new stamp.
 */
export function isUnhurried({ config, clock }: TrapDeps, stamp: string | undefined): boolean {
  const [at = '', signature = ''] = (stamp ?? '').split('.')
  const expected = Buffer.from(sign(config.secret, at))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  const age = clock().getTime() - Number(at)
  return age >= quickest && age <= longest
}

function sign(secret: string | undefined, at: string): string {
  if (!secret) throw new Error('Stamps need a secret.')
  return createHmac('sha256', secret).update(`stamp ${at}`).digest('base64url').slice(0, 22)
}
