import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/** Compresses text answers above 1 KB. Await it before the first route: it works by a hook on routes. */
export async function registerCompress(app: FastifyInstance): Promise<void> {
  // Bodies sent to us are never unpacked: a few kilobytes could hold gigabytes.
  await app.register(compress, { globalCompression: true, globalDecompression: false, threshold: 1024, encodings: ['br', 'gzip'] })
}
