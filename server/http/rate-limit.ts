import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { tooManyRequests } from '../errors.ts'

/** Requests that one address may make. */
export const perMinute = 600

export interface RateLimitOptions {
  /** Requests a window and address (an IPv6 network of 64 bits counts as one). */
  max?: number
  /** Milliseconds. */
  window?: number
  /** Addresses that are never limited. */
  isExempt?: (ip: string) => boolean
}

/** 600 requests a minute and address, then 429. Await it before the first route. */
export async function registerRateLimit(app: FastifyInstance, options: RateLimitOptions = {}): Promise<void> {
  const { max = perMinute, window = 60_000, isExempt = isLoopback } = options
  await app.register(rateLimit, {
    global: false,
    max,
    timeWindow: window,
    allowList: (request) => isExempt(request.ip),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { ttl }) => tooManyRequests(Math.ceil(ttl / 1000)),
  })
  // As a hook rather than a route by route: addresses that do not exist count too.
  app.addHook('onRequest', app.rateLimit())
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || /^(::ffff:)?127\./.test(ip)
}
