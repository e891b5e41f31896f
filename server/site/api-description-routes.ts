import type { FastifyInstance } from 'fastify'
import type { JsonSchema } from '../schema.ts'

/** A route as it was registered. */
export interface Route {
  method: string
  /** With Fastify's `:name`. */
  url: string
  schema: { querystring?: JsonSchema; response?: Record<string, JsonSchema> }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, in the order they were registered. */
    knownRoutes: readonly Route[]
  }
}

/** Gives `app.knownRoutes`: call it before the first route. */
export function watchRoutes(app: FastifyInstance): void {
  const routes: Route[] = []
  app.decorate('knownRoutes', routes)
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, schema: { ...(schema as Route['schema']) } })
  })
}

/** Whether a route answers in JSON, by its address and by what it says of itself. What widgets ask for themselves is no part of the API. */
export function isJsonRoute({ method, url, schema }: Route): boolean {
  if (method === 'HEAD' || method === 'OPTIONS' || url.startsWith('/embed/')) return false
  return (
    /\.(json|geojson|jsonld)$|^\/(api|id|nodeinfo)\/|^\/(changes|healthz|readyz|\.well-known\/(nodeinfo|webfinger))$/.test(url) ||
    schema.response !== undefined
  )
}
