import type { Values } from './text/translate.ts'

/** A sentence not yet in anybody's language. */
export interface Message {
  key: string
  values?: Values
}

/** What is wrong with one field: `links/2/url`, a parameter's name, or a line of a file. */
export interface Fault {
  field: string
  message: Message
  line?: number
}

/** A page that exists, for somebody who asked for one that does not. */
export interface Suggestion {
  label: string
  url: string
}

/** Where a record went, and the word of the server that it left. */
export interface ProblemExtension {
  movedTo?: string
  forwarding?: string
}

/** An error that the reader can understand and act on: shown as a page or as problem+json, in their language. */
export class AppError extends Error {
  override name = 'AppError'
  readonly status: number
  /** Ends the problem's `type`; also the key of its title: `error.<code>.title`. */
  readonly code: ErrorCode
  readonly detail?: Message
  readonly errors?: Fault[]
  readonly headers?: Record<string, string>
  readonly suggestions?: Suggestion[]
  /** What else the problem says to programs. */
  readonly extension?: ProblemExtension

  constructor(code: ErrorCode, more: Pick<AppError, 'detail' | 'errors' | 'headers' | 'suggestions' | 'extension'> = {}) {
    super(more.detail?.key ?? code)
    this.status = statuses[code]
    this.code = code
    this.detail = more.detail
    this.errors = more.errors
    this.headers = more.headers
    this.suggestions = more.suggestions
    this.extension = more.extension
  }
}

/** Every kind of error there is, and its status. */
export const statuses = {
  badRequest: 400,
  unauthorised: 401,
  forbidden: 403,
  notFound: 404,
  wrongMethod: 405,
  notAcceptable: 406,
  timeout: 408,
  conflict: 409,
  gone: 410,
  preconditionFailed: 412,
  tooLarge: 413,
  tooLong: 414,
  wrongType: 415,
  preconditionRequired: 428,
  tooMany: 429,
  headersTooLarge: 431,
  broken: 500,
  notImplemented: 501,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof statuses

/** A problem's `type`. */
export function problemType(code: ErrorCode): string {
  return `urn:problem-type:archipel:${code.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** 400, with what is wrong field by field, or in one sentence. */
export function badRequest(wrong: Fault[] | Message): AppError {
  return new AppError('badRequest', Array.isArray(wrong) ? { errors: wrong } : { detail: wrong })
}

/** 401: nobody is signed in, or the token is not one of ours. */
export function unauthorised(detail?: Message): AppError {
  return new AppError('unauthorised', { detail, headers: { 'www-authenticate': 'Bearer' } })
}

export function forbidden(detail?: Message): AppError {
  return new AppError('forbidden', { detail })
}

export function notFound(detail?: Message, suggestions?: Suggestion[]): AppError {
  return new AppError('notFound', { detail, suggestions })
}

/** 405; `allowed` are the methods that the address knows. */
export function wrongMethod(allowed: string[]): AppError {
  return new AppError('wrongMethod', { headers: { allow: allowed.join(', ') } })
}

export function conflict(detail?: Message): AppError {
  return new AppError('conflict', { detail })
}

export function gone(detail?: Message, more: Pick<AppError, 'suggestions' | 'extension'> = {}): AppError {
  return new AppError('gone', { ...more, detail })
}

/** 412: somebody changed it since the version that If-Match names. */
export function preconditionFailed(): AppError {
  return new AppError('preconditionFailed')
}

/** 428: If-Match must say which version the change was made from. */
export function preconditionRequired(): AppError {
  return new AppError('preconditionRequired')
}

/** 501: understood, and not done here. */
export function notImplemented(detail?: Message): AppError {
  return new AppError('notImplemented', { detail })
}

/** 429; `retryAfter` in seconds. */
export function tooManyRequests(retryAfter: number): AppError {
  return new AppError('tooMany', {
    detail: { key: 'error.tooMany.wait', values: { seconds: retryAfter } },
    headers: { 'retry-after': String(retryAfter) },
  })
}
