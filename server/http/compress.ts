import { constants, gzipSync } from 'node:zlib'
import compress from '@fastify/compress'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** For routes that stream much: Brotli keeps a megabyte or more before it lets a first byte go, gzip does not. */
export const streamed = { encodings: ['gzip' as const], threshold: 0 }

/** Bytes; what is smaller hardly shrinks. */
const threshold = 1024
/** Characters; a longer answer would keep the others waiting. */
const longestAtOnce = 200_000
const level = 4

/** Compresses text answers above 1 KB. Await it before the first route: it works by a hook on routes. */
export async function registerCompress(app: FastifyInstance): Promise<void> {
  // Files are asked for once and kept: they are worth the time. This hook must come before the plugin's own.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/static/'))
      route.compress = { encodings: ['br', 'gzip'], brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } } }
  })
  // A page at hand is packed at once, a third of the time that a stream and another thread take. This hook, too, must come before the plugin's.
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < threshold || payload.length > longestAtOnce) return payload
    if (!isText(reply) || reply.hasHeader('content-encoding') || !takesGzip(request.headers['accept-encoding'])) return payload
    reply.header('content-encoding', 'gzip').removeHeader('content-length')
    return gzipSync(payload, { level })
  })
  // Bodies sent to us are never unpacked: a few kilobytes could hold gigabytes.
  // Gzip first: on a page of 70 KB it gives 14.5 KB where quick Brotli gives 14.3, in half the time.
  await app.register(compress, {
    globalCompression: true,
    globalDecompression: false,
    threshold,
    encodings: ['gzip', 'br'],
    zlibOptions: { level },
  })
  // The plugin says so only where it compressed; a cache must know it of the other form too.
  app.addHook('onSend', async (_request, reply) => {
    if (!isText(reply)) return
    const vary = [reply.getHeader('vary') ?? []].flat().join(', ')
    if (!/accept-encoding/i.test(vary)) reply.header('vary', vary ? `${vary}, Accept-Encoding` : 'Accept-Encoding')
  })
}

function isText(reply: FastifyReply): boolean {
  return /text|json|xml|javascript|svg/.test(String(reply.getHeader('content-type')))
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(accepted))
}
