import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { isKnown } from '../http/cache.ts'
import { readTokens } from '../look/contrast.ts'
import * as urls from '../urls.ts'
import { accentStyles } from './accent.ts'

const day = 'public, max-age=86400, stale-while-revalidate=604800'
const forEver = 'public, max-age=31536000, immutable'
const accentSchema = { $ref: '/schemas/widget-query.json#/properties/accent' }

/** The script for the host's page, and the widgets' styles in any colour. */
export function registerWidgetFiles(app: FastifyInstance, { assets }: Pick<Deps, 'assets'>): void {
  const script = readFileSync(join(assets.dir, 'js/embed.js'), 'utf8')
  const styles = assets.made.get('embed.css') ?? ''
  const themes = readTokens(assets.styles)

  app.get(urls.embedScript, (request, reply) => {
    if (isKnown(request, reply, { of: [script], cacheControl: day })) return reply.code(304).send()
    return reply.type('text/javascript; charset=utf-8').send(script)
  })

  app.get<{ Params: { accent: string }; Querystring: { v?: string } }>(
    urls.embedStyles(':accent', '').replace('%3A', ':').split('?')[0]!,
    {
      schema: {
        params: { type: 'object', properties: { accent: accentSchema } },
        querystring: { type: 'object', additionalProperties: false, properties: { v: { type: 'string', maxLength: 20 } } },
      },
    },
    (request, reply) => {
      const css = styles + accentStyles(request.params.accent, themes)
      if (isKnown(request, reply, { of: [css], cacheControl: request.query.v ? forEver : 'no-cache' })) return reply.code(304).send()
      return reply.type('text/css; charset=utf-8').send(css)
    },
  )
}
