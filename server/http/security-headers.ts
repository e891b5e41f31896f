import type { FastifyInstance } from 'fastify'

interface Deps {
  config: HeaderConfig
}

type HeaderConfig = { publicUrl: string; tilesUrl?: string }

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ')
const features = ['accelerometer', 'camera', 'display-capture', 'gyroscope', 'magnetometer', 'microphone', 'midi', 'payment', 'usb']
const permissions = [...features.map((feature) => `${feature}=()`), 'geolocation=(self)'].join(', ')

/** The house's headers on every answer that goes through Fastify's hooks. */
export function registerSecurityHeaders(app: FastifyInstance, { config }: Deps): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersFor(pathOf(request.url), config))
  })
}

/** The same for answers that no hook sees: `path` is without its query. */
export function headersFor(path: string, config: HeaderConfig): Record<string, string> {
  const framed = isFramed(path)
  // What other sites may read by script, and what they may only show. A frame that its host locks in (`sandbox`) is another site to its own files.
  const shared =
    /\.(json|geojson|jsonld|ndjson|csv|atom)$/.test(path) ||
    /^\/((api|id|v2)(\/|$)|static\/|\.well-known\/|nodeinfo\/|(changes|oembed|embed\.js)$)/.test(path)
  const shown = shared || framed || path.startsWith('/uploads/') || /^\/[eg]\/[^/]+\/(banner\.svg|share\.png)$/.test(path)
  return {
    'content-security-policy': `${policyFor(path, config)}; frame-ancestors ${framed ? '*' : "'none'"}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': shown ? 'cross-origin' : 'same-origin',
    'permissions-policy': permissions,
    ...(shared ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Change-Number, ETag, Link' } : {}),
    ...(config.publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}

/** What other sites may show in a frame: the widgets. They know no reader's cookies. */
export function isFramed(path: string): boolean {
  return path.startsWith('/embed/')
}

/** Where there is a map, pictures may come from the operator's tile server too, and from nowhere else; where widgets are made, they are shown. */
function policyFor(path: string, { tilesUrl }: HeaderConfig): string {
  if (/^\/([eg]\/[^/]+\/)?widgets$/.test(path)) return `${policy}; frame-src 'self'`
  const hasMap = /^\/(e\/[^/]+\/)?map$|^\/embed\/map(\/|$)/.test(path)
  return tilesUrl && hasMap ? policy.replace("img-src 'self'", `img-src 'self' ${new URL(tilesUrl).origin}`) : policy
}

/** The path of a request's target, which may be a whole address: `http://host/path?query`. */
export function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] || '/'
}
