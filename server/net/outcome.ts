/** Every way in which an answer may fail to come; each is a state to be shown, not a bug. */
export const failureNames = [
  'bad-url',
  'refused-scheme',
  'refused-userinfo',
  'refused-port',
  'refused-address',
  'refused-downgrade',
  'bad-redirect',
  'too-many-redirects',
  'dns',
  'connect',
  'tls',
  'timeout',
  'too-large',
  'bad-encoding',
  'bad-answer',
  'busy',
  'aborted',
] as const

export type FailureName = (typeof failureNames)[number]

/** What is known of an answer before its body. `url` is where it came from, after redirects; `contentType` is `type/subtype` in lower case. */
export interface Answer {
  url: string
  status: number
  headers: Record<string, string | string[] | undefined>
  contentType?: string
  etag?: string
  lastModified?: string
}

/** How a request ended. On a failure, `url` is the address that failed, perhaps after redirects. `retryAfter` is in seconds. */
export type Outcome<T = Buffer> =
  | ({ name: 'ok'; body: T } & Answer)
  | ({ name: 'not-modified' } & Answer)
  | ({ name: 'http-error'; retryAfter?: number; body?: Buffer } & Answer)
  | { name: FailureName; url: string }

/** A failure on its way to being an outcome; nobody outside net/ sees it, save a reader whose body breaks off. */
export class Failure extends Error {
  override name = 'Failure'
  readonly outcome: FailureName

  constructor(outcome: FailureName, cause?: unknown) {
    super(outcome, { cause })
    this.outcome = outcome
  }
}

/** What an error says once the connection stands: of the parser, of a time limit, or of the other side gone. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const code = errorCode(error)
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new Failure('timeout', error)
  if (/OVERFLOW/.test(code)) return new Failure('too-large', error)
  return new Failure(/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/.test(code) ? 'bad-encoding' : 'bad-answer', error)
}

/** What an error says while the connection is being made. */
export function toConnectFailure(error: unknown, protocol: string): Failure {
  if (error instanceof Failure) return error
  const code = errorCode(error)
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new Failure('timeout', error)
  const isTcp = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|EMFILE|ENFILE)$/.test(code)
  return new Failure(protocol === 'https:' && !isTcp ? 'tls' : 'connect', error)
}

function errorCode(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? '')
}
