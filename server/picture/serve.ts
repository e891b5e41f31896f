import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { isUploadName, uploadsFolder } from '../look/uploads.ts'

const types: Record<string, string> = { avif: 'image/avif', webp: 'image/webp', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg' }
// A picture made here is named after what it shows; what was brought along in another way may be replaced.
const forEver = 'public, max-age=31536000, immutable'
const forAnHour = 'public, max-age=3600'

/** The pictures kept here, and nothing else below DATA_DIR. */
export function registerUploads(app: FastifyInstance, { config }: Deps): void {
  const uploads = uploadsFolder(config)
  app.get<{ Params: { '*': string } }>('/uploads/*', async (request, reply) => {
    const name = request.params['*']
    if (!isUploadName(name)) throw notFound()
    const file = join(uploads, name)
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) throw notFound()
    const etag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`
    reply.header('cache-control', /^[0-9a-f]{32}\//.test(name) ? forEver : forAnHour).header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply
      .type(types[name.slice(name.lastIndexOf('.') + 1)]!)
      .header('content-length', found.size)
      .send(createReadStream(file))
  })
}
