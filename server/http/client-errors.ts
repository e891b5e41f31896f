import type { Socket } from 'node:net'
import { AppError, type ErrorCode } from '../errors.ts'
import { type ErrorDeps, errorAnswer } from './error-answer.ts'
import { newRequestId } from './request-log.ts'

const codes: Record<string, ErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
}
// How long a client may take to read the answer before its connection is cut, in milliseconds.
const patience = 2000

/** For Fastify's `clientErrorHandler`: what Node could not read as HTTP gets the house's answer too, written by hand. */
export function clientErrorHandler(deps: ErrorDeps): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
    const code = codes[error.code ?? ''] ?? 'badRequest'
    socket.end(rawAnswer(deps, code))
    setTimeout(() => socket.destroy(), patience).unref()
  }
}

function rawAnswer(deps: ErrorDeps, code: ErrorCode): string {
  const asker = { url: '/', accept: undefined, id: newRequestId(), locale: deps.config.defaultLocale }
  const { status, headers, body } = errorAnswer(deps, asker, new AppError(code))
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
  // The words after the status may be left out, but not the space.
  return `HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
