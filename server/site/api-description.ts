import project from '../../package.json' with { type: 'json' }
import type { JsonSchema } from '../schema.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import { readExamples } from './api-description-examples.ts'
import { keyOf, operationOf, operations, type Tag } from './api-description-operations.ts'
import { type ApiPaths, type ApiResponse, toOperation, toPath, toResponses } from './api-description-paths.ts'
import type { Route } from './api-description-routes.ts'
import { openApiSchemas } from './api-description-schemas.ts'

/** The part of OpenAPI 3.1 that we speak. */
export interface ApiDescription {
  openapi: string
  info: Record<string, unknown>
  servers: { url: string }[]
  tags: { name: Tag; description: string }[]
  paths: ApiPaths
  components: { schemas: Record<string, JsonSchema>; responses: Record<string, ApiResponse>; securitySchemes: Record<string, object> }
  [more: string]: unknown
}

/** The OpenAPI 3.1 description of these routes. `t` says it in English; addresses begin with `publicUrl`; `perMinute` is the limit of requests. */
export function describeApi(
  routes: readonly Route[],
  { t, publicUrl, perMinute }: { t: Translate; publicUrl: string; perMinute: number },
): ApiDescription {
  const { convert, components } = openApiSchemas()
  const teller = { t, convert, examples: readExamples(publicUrl) }
  const told = inOrder(routes)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of told) {
    const path = toPath(route.url)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route, operationOf(route)!, teller) }
  }
  const responses = toResponses(paths as ApiPaths, teller)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Archipel',
      version: project.version,
      summary: t('site.tagline'),
      description: [t('api.intro'), t('api.writeText'), t('api.licenceText'), t('api.rateText', { count: perMinute })].join('\n\n'),
      license: { name: project.license, identifier: project.license },
    },
    servers: [{ url: publicUrl }],
    security: [],
    externalDocs: { url: urls.absolute(publicUrl, urls.api) },
    tags: [...new Set(told.map((route) => operationOf(route)!.tag))].map((name) => ({ name, description: t(`api.tag.${name}`) })),
    paths: paths as ApiPaths,
    components: {
      schemas: byName(components),
      responses,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: t('api.token') } },
    },
  }
}

function inOrder(routes: readonly Route[]): Route[] {
  const order = Object.keys(operations)
  const place = ({ method, url }: Route) => order.indexOf(keyOf(method, url))
  return routes.filter((route) => place(route) >= 0).sort((a, b) => place(a) - place(b))
}

function byName<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
