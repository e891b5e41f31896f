import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { once } from '../once.ts'

export interface Assets {
  /** The address of a file of static/ (`img/icons.svg`), of `app.css` or the widgets' `embed.css`, of a font (`font/…`) or of Leaflet (`leaflet/…`), with a mark of its content. Throws when it is not there. */
  url: (name: string) => string
  /** The names that `url` knows. */
  names: ReadonlySet<string>
  dir: string
  /** css/*.css in one, without the widgets' own. */
  styles: string
  /** What is made at the start, by name: `app.css`, the widgets' styles and Leaflet's own. */
  made: ReadonlyMap<string, string>
}

const fontFolder = dirname(fileURLToPath(import.meta.resolve('@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-400-normal.woff2')))
const framed = /-embed\.css$/
const shared = /-(tokens|shared)\.css$/
const mapped = /-(base-)?map\.css$/
const leafletFolder = dirname(fileURLToPath(import.meta.resolve('leaflet/dist/leaflet.js')))
const fonts = ['latin', 'latin-ext'].flatMap((script) => [400, 700].map((weight) => `atkinson-hyperlegible-${script}-${weight}-normal.woff2`))

/** Knows every file of `dir` (static/) and the site's fonts, each marked with its content once its address is asked for, and joins the styles. */
export function loadAssets(dir: string): Assets {
  const urls = new Map<string, () => string>()
  const add = (name: string, read: () => Buffer | string) =>
    urls.set(
      name,
      once(() => `/static/${name}?v=${markOf(read())}`),
    )
  for (const font of fonts) add(`font/${font}`, () => readFileSync(join(fontFolder, font)))
  for (const name of listFiles(dir)) if (!name.startsWith('css/')) add(name, () => readFileSync(join(dir, name)))
  add('leaflet/leaflet.js', () => readFileSync(join(leafletFolder, 'leaflet.js')))
  const sheets = listSheets(join(dir, 'css'))
  const styles = joinStyles(
    sheets.filter((path) => !framed.test(path)),
    urls,
  )
  const made = new Map([
    ['app.css', styles],
    // Where other sites show us every kilobyte counts: no typeface, no sprite, and the map's styles only with the map.
    ['embed.css', joinStyles(sheets.filter((path) => framed.test(path)).concat(sheets.filter((path) => shared.test(path))), urls)],
    [
      'embed-map.css',
      joinStyles(
        sheets.filter((path) => mapped.test(path)),
        urls,
      ),
    ],
    ['leaflet/leaflet.css', leafletStyles()],
  ])
  for (const [name, content] of made) add(name, () => content)
  const url = (name: string) => {
    const found = urls.get(name)
    if (!found) throw new Error(`There is no static/${name}.`)
    return found()
  }
  return { url, names: new Set(urls.keys()), dir, styles, made }
}

/** Serves /static/* and /favicon.ico. An address with its mark can be kept for ever; any other is asked for again. */
export async function registerAssets(app: FastifyInstance, { assets }: { assets: Assets }): Promise<void> {
  for (const [name, content] of assets.made) {
    const etag = `W/"${markOf(content)}"`
    app.get(`/static/${name}`, (request, reply) => {
      reply.type('text/css; charset=utf-8').header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content)
    })
  }
  app.get('/favicon.ico', (_request, reply) => reply.redirect(assets.url('img/favicon.svg'), 302))
  app.addHook('onSend', async (request, reply) => {
    if (!request.url.startsWith('/static/') || reply.statusCode >= 400) return
    reply.header('cache-control', request.url.includes('?v=') ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  const options = { decorateReply: false, index: false as const, cacheControl: false, dotfiles: 'ignore' as const }
  await app.register(fastifyStatic, { ...options, root: assets.dir, prefix: '/static/', allowedPath: (path) => assets.names.has(path.slice(1)) })
  await app.register(fastifyStatic, { ...options, root: fontFolder, prefix: '/static/font/', allowedPath: (path) => fonts.includes(path.slice(1)) })
  await app.register(fastifyStatic, { ...options, root: leafletFolder, prefix: '/static/leaflet/', allowedPath: (path) => path === '/leaflet.js' })
}

/** Below our own styles; its pictures are of controls and markers that we do not use. */
function leafletStyles(): string {
  const css = readFileSync(join(leafletFolder, 'leaflet.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  return `@layer reset {${css.replace(/background-image: url\(images[^;]*;/g, '').replace(/\s+/g, ' ')}}`
}

function markOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 10)
}

/** In the order of their numbered names. */
function listSheets(dir: string): string[] {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.css')) : []
  return names.sort().map((name) => join(dir, name))
}

/** Comments left out, addresses under /static/ marked. */
function joinStyles(paths: string[], urls: ReadonlyMap<string, () => string>): string {
  return paths
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .replace(/url\((["']?)\/static\/([^"')]+)\1\)/g, (whole, _quote, name: string) => {
      const url = urls.get(name)
      return url ? `url(${url()})` : whole
    })
}

function listFiles(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, sep).length).replaceAll(sep, '/'))
    .sort()
}
