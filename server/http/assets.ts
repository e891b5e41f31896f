import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '../errors.ts'

export interface Assets {
  /** The hashed address of a file of static/ (`img/icons.svg`), of `app.css` or of a font (`font/…`). Throws when it is not there. */
  url: (name: string) => string
  /** By path under /static/, hashed and plain. */
  files: ReadonlyMap<string, Asset>
}

export interface Asset {
  type: string
  body: Buffer
  br?: Buffer
  gzip?: Buffer
  etag: string
  /** The content is in the name: it can be kept for ever. */
  hashed: boolean
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.geojson': 'application/geo+json',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** Reads `dir` (static/) into memory, with css/*.css joined into one app.css, and the site's fonts; compresses what is text. */
export function loadAssets(dir: string, fontFiles: readonly string[] = siteFonts()): Assets {
  const files = new Map<string, Asset>()
  const urls = new Map<string, string>()
  const add = (name: string, body: Buffer) => {
    const asset = toAsset(name, body)
    const hashedName = name.replace(/(\.\w+)$/, `.${asset.etag.slice(3, 13)}$1`)
    files.set(name, asset).set(hashedName, { ...asset, hashed: true })
    urls.set(name, `/static/${hashedName}`)
  }
  for (const file of fontFiles) add(`font/${basename(file)}`, readFileSync(file))
  for (const name of listFiles(dir)) if (!name.startsWith('css/')) add(name, readFileSync(join(dir, name)))
  add('app.css', Buffer.from(joinStyles(join(dir, 'css'), urls)))
  const url = (name: string) => {
    const found = urls.get(name)
    if (!found) throw new Error(`There is no static/${name}.`)
    return found
  }
  return { url, files }
}

/** Serves /static/* and /favicon.ico. */
export function registerAssets(app: FastifyInstance, { assets }: { assets: Assets }): void {
  const options = { compress: false as const }
  app.get<{ Params: { '*': string } }>('/static/*', options, (request, reply) => {
    const asset = assets.files.get(request.params['*'])
    if (!asset) throw notFound()
    return send(request, reply, asset)
  })
  app.get('/favicon.ico', options, (_request, reply) => reply.redirect(assets.url('img/favicon.svg'), 302))
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  reply.header('etag', asset.etag).header('cache-control', asset.hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (asset.br) reply.header('vary', 'Accept-Encoding')
  if (request.headers['if-none-match']?.includes(asset.etag)) return reply.code(304).send()
  reply.type(asset.type)
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (asset.br && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.br)
  if (asset.gzip && /\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gzip)
  return reply.send(asset.body)
}

function toAsset(name: string, body: Buffer): Asset {
  const type = types[extname(name)] ?? 'application/octet-stream'
  // Weak: the same for its compressed forms.
  const etag = `W/"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
  const asset = { type, body, etag, hashed: false }
  if (!/text|svg|json/.test(type) || body.length < 200) return asset
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } })
  return { ...asset, br, gzip: gzipSync(body, { level: 9 }) }
}

/** In the order of their numbered names; comments left out, addresses under /static/ hashed. */
function joinStyles(dir: string, urls: ReadonlyMap<string, string>): string {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.css')) : []
  const css = names.sort().map((name) => readFileSync(join(dir, name), 'utf8'))
  return css
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .replace(/url\((["']?)\/static\/([^"')]+)\1\)/g, (whole, _quote, name: string) => (urls.has(name) ? `url(${urls.get(name)})` : whole))
}

function listFiles(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, sep).length).replaceAll(sep, '/'))
    .sort()
}

function siteFonts(): string[] {
  const name = (script: string, weight: number) => `@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-${script}-${weight}-normal.woff2`
  const wanted = ['latin', 'latin-ext'].flatMap((script) => [400, 700].map((weight) => name(script, weight)))
  return wanted.map((specifier) => fileURLToPath(import.meta.resolve(specifier)))
}
