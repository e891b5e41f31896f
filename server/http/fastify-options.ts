import type { Server } from 'node:http'
import fastify, { type FastifyHttpOptions } from 'fastify'
import type { Config } from '../config.ts'
import { clientErrorHandler } from './client-errors.ts'
import type { ErrorDeps } from './error-answer.ts'
import { frameworkErrors } from './errors.ts'
import { logSerializers, newRequestId } from './request-log.ts'

/** What `fastify()` is made with. Times in milliseconds, sizes in bytes. */
export function fastifyOptions(deps: ErrorDeps & { config: Config }): FastifyHttpOptions<Server> {
  return {
    logger: { level: deps.config.logLevel, serializers: logSerializers, base: null },
    logController: new fastify.LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    requestIdHeader: false,
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 4000 },
    // Node answers a request without Host by itself and without a word; the hook in errors.ts does it better.
    http: { maxHeaderSize: 65_536, requireHostHeader: false },
    bodyLimit: 1_048_576,
    // A picture of ten megabytes from a slow phone.
    requestTimeout: 120_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // While closing, requests on open connections are still answered, and told to go.
    return503OnClosing: false,
    frameworkErrors: frameworkErrors(deps),
    clientErrorHandler: clientErrorHandler(deps),
  }
}
