import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { readConfig } from '../../server/config.ts'
import { loadAssets, registerAssets } from '../../server/http/assets.ts'
import { registerCompress } from '../../server/http/compress.ts'
import { registerCrossOrigin } from '../../server/http/cross-origin.ts'
import { registerErrors } from '../../server/http/errors.ts'
import { fastifyOptions } from '../../server/http/fastify-options.ts'
import { registerLanguage } from '../../server/http/language.ts'
import { pageFrame } from '../../server/http/page-frame.ts'
import { type RateLimitOptions, registerRateLimit } from '../../server/http/rate-limit.ts'
import { registerRequestLog } from '../../server/http/request-log.ts'
import { registerSecurityHeaders } from '../../server/http/security-headers.ts'
import { loadViews, registerViews } from '../../server/http/views.ts'
import { useSchemas } from '../../server/schema.ts'
import { loadTranslations } from '../../server/text/translate.ts'

const root = `${import.meta.dirname}/../..`

interface BuildOptions {
  env?: Record<string, string>
  rateLimit?: RateLimitOptions
  server?: FastifyServerOptions
  routes?: (app: FastifyInstance) => void
}

/** The frame of the site, in the order of app.ts, with a few routes of a test in place of the site's rooms. */
export async function buildFrame(
  t: { teardown: (end: () => unknown) => unknown },
  { env = {}, rateLimit, server = {}, routes }: BuildOptions = {},
): Promise<FastifyInstance> {
  const config = readConfig({ LOG_LEVEL: 'silent', PUBLIC_URL: 'https://groups.example.org', ...env })
  const assets = loadAssets(`${root}/static`)
  const translations = loadTranslations(`${root}/views/locale`)
  const views = loadViews({ dir: `${root}/views`, translations, asset: assets.url })
  const deps = { config, assets, translations, views }
  const app = fastify({ ...fastifyOptions(deps), ...server })
  t.teardown(() => app.close())
  registerErrors(app, deps)
  registerRequestLog(app)
  registerSecurityHeaders(app, deps)
  registerLanguage(app, deps)
  await registerRateLimit(app, rateLimit)
  registerCrossOrigin(app, deps)
  await registerCompress(app)
  useSchemas(app)
  registerViews(app, deps)
  await registerAssets(app, deps)
  app.get('/', (request, reply) => reply.page('site/privacy', { page: pageFrame(request, config, { title: 'x' }) }))
  routes?.(app)
  return app
}
