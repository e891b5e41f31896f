import { generateKeyPairSync } from 'node:crypto'
import { CompactSign } from 'jose'
import t from 'tap'
import { readKeys, type SigningKey, signingKey } from '../../../server/federation/move/key.ts'
import { isSignedBy, readClaim, signClaim } from '../../../server/federation/move/statement.ts'
import { now } from '../../helper.ts'

const claim = {
  iss: 'https://a.example',
  sub: 'https://a.example/id/1',
  to: 'https://b.example/id/2',
  url: 'https://b.example/g/two',
  at: now,
}
const at = new Date(now)

/** A statement with these words in place of the right ones, signed by `key`. */
function forge(key: SigningKey, payload: object, header: object = {}): Promise<string> {
  const whole = { iss: claim.iss, sub: claim.sub, to: claim.to, url: claim.url, iat: Date.parse(now) / 1000, ...payload }
  return new CompactSign(new TextEncoder().encode(JSON.stringify(whole)))
    .setProtectedHeader({ alg: 'Ed25519', typ: 'forwarding+jwt', kid: key.public.kid, ...header })
    .sign(key.private)
}

t.test('the key comes from the secret, and from nothing else', async (t) => {
  const [one, again, other] = await Promise.all(['x', 'x', 'y'].map((secret) => signingKey({ secret })))
  t.same(one!.public, again!.public)
  t.not(one!.public.kid, other!.public.kid)
  t.same(Object.keys(one!.public).sort(), ['crv', 'kid', 'kty', 'use', 'x'], 'nothing private is in it')
  await t.rejects(signingKey({}), /secret/)
  t.same(await readKeys({ keys: [one!.public] }), [one!.public])
  const odd = [null, 7, { kty: 'RSA' }, { ...one!.public, x: 'short' }, { ...other!.public, kid: one!.public.kid }]
  t.same(await readKeys({ keys: odd }), [other!.public], 'a key is called by its thumbprint, whatever it is called there')
  for (const nothing of [undefined, null, [], 'x', { keys: 'x' }]) t.same(await readKeys(nothing), [])
})

t.test('a statement is read and checked', async (t) => {
  const key = await signingKey({ secret: 'x' })
  const statement = await signClaim(key, claim)
  t.same(readClaim(statement, at), { ...claim, kid: key.public.kid })
  t.equal(await isSignedBy(statement, key.public), true)
  t.equal(await isSignedBy(statement, (await signingKey({ secret: 'y' })).public), false, 'another key')
  const [header, payload, signature] = statement.split('.')
  const swapped = Buffer.from(JSON.stringify({ ...claim, sub: 'https://a.example/id/9', iat: 1 })).toString('base64url')
  t.equal(await isSignedBy(`${header}.${swapped}.${signature}`, key.public), false, 'another record')
  t.equal(await isSignedBy(`${header}.${payload}.${'A'.repeat(86)}`, key.public), false, 'another signature')
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'forwarding+jwt', kid: key.public.kid })).toString('base64url')
  for (const unsigned of [`${none}.${payload}.`, `${none}.${payload}.${signature}`]) {
    t.equal(readClaim(unsigned, at), undefined, 'alg none')
    t.equal(await isSignedBy(unsigned, key.public), false)
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  t.equal(await isSignedBy(await forge({ ...key, private: privateKey }, {}), key.public), false, 'a known kid, another key')
  t.ok(await isSignedBy(await forge(key, {}, { alg: 'EdDSA' }), key.public), 'the older name of the algorithm')
})

t.test('what does not agree with itself claims nothing', async (t) => {
  const key = await signingKey({ secret: 'x' })
  const wrong: [string, object, object?][] = [
    ['another server’s record', { sub: 'https://c.example/id/1' }],
    ['another issuer', { iss: 'https://c.example' }],
    ['an issuer that is no origin', { iss: 'https://a.example/' }],
    ['a move to where it is', { to: 'https://a.example/id/2', url: 'https://a.example/g/two' }],
    ['a page elsewhere', { url: 'https://evil.example/' }],
    ['no web address', { to: 'javascript:alert(1)' }],
    ['no time', { iat: 'x' }],
    ['a page that is none', { url: 7 }],
    ['a page too long', { url: `https://b.example/${'x'.repeat(3000)}` }],
    ['another type', {}, { typ: 'JWT' }],
    ['no key', {}, { kid: undefined }],
  ]
  for (const [what, payload, header] of wrong) t.equal(readClaim(await forge(key, payload, header), at), undefined, what)
  t.equal(readClaim(await forge(key, { more: 'x'.repeat(10_000) }), at), undefined, 'huge')
  for (const nothing of [undefined, 7, {}, '', 'a.b.c', 'a.b', '..', `${'a'.repeat(7)}.${'b'.repeat(7)}.c`])
    t.equal(readClaim(nothing, at), undefined)
  t.match(readClaim(await forge(key, { iat: Date.parse(now) / 1000 + 99_999 }), at), { at: now }, 'the future is now')
  t.equal(readClaim(await forge(key, { iat: 1e300 }), at)!.at, now)
})
