import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { isKnown } from '../http/cache.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import { perMinute } from '../http/rate-limit.ts'
import { once } from '../once.ts'
import * as urls from '../urls.ts'
import { describeApi } from './api-description.ts'
import { readExamples } from './api-description-examples.ts'
import { toApiPage } from './api-pages-view.ts'

/** The description of the app's JSON routes, for programs and for people; made when it is first asked for. */
export function registerApiPages(app: FastifyInstance, { config, views }: Deps): void {
  const { publicUrl } = config
  const description = once(() => describeApi(app.knownRoutes, { t: views.words.en, publicUrl, perMinute }))
  const text = once(() => JSON.stringify(description(), null, 2))

  app.get(urls.apiDescription, { schema: { querystring: langOnly } }, async (request, reply) => {
    if (isKnown(request, reply, { of: [text()] })) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(text())
  })

  app.get(urls.api, { schema: { querystring: langOnly } }, async (request, reply) => {
    const page = pageFrame(request, config, {
      title: request.t('api.title'),
      description: request.t('api.lead'),
      alternates: [{ type: 'application/json', url: urls.apiDescription, title: 'OpenAPI 3.1' }],
    })
    return reply.page('site/api', { page, perMinute, ...toApiPage(description(), readExamples(publicUrl), publicUrl) })
  })
}
