import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import project from '../../package.json' with { type: 'json' }

export interface Version {
  /** Everything that the answer is made from and that can change. */
  of: readonly (string | number)[]
  /** How the ETag begins, for who must find it again in an If-Match. */
  mark?: string
  /** ISO time of the last change, when one is known. */
  modified?: string
  /** The answer speaks the reader's language, and knows whether they are signed in; `header` when cookies are no part of it. */
  byLanguage?: boolean | 'header'
  /** `no-cache` unless said: keep it, and ask each time whether it still holds. */
  cacheControl?: string
}

const languages: Record<string, string> = { true: 'Accept-Language, Cookie, ', header: 'Accept-Language, ', false: '' }

/**
 * Says which version of this address is about to be sent (ETag, Last-Modified, Vary); true when the reader has it already:
 * answer `reply.code(304).send()` then. Ask before doing any work. If-Modified-Since alone never makes a 304: a second is too coarse.
 */
export function isKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  { of, mark = '', modified, byLanguage = false, cacheControl = 'no-cache' }: Version,
): boolean {
  const made = JSON.stringify([project.version, byLanguage ? `${request.locale} ${request.person?.id ?? ''}` : '', ...of])
  // Weak: the same for its compressed forms.
  const etag = `W/"${mark}${createHash('sha256').update(made).digest('base64url').slice(0, 22)}"`
  reply.header('etag', etag).header('cache-control', cacheControl)
  // In lower case, as the compression looks for it before adding its own; a 304 says it too.
  reply.header('vary', `${languages[String(byLanguage)]}accept-encoding`)
  if (modified) reply.header('last-modified', new Date(modified).toUTCString())
  return names(request.headers['if-none-match'], etag)
}

/** Weak comparison, as RFC 9110 asks for If-None-Match. */
function names(header: string | undefined, etag: string): boolean {
  const known = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''))
}
