import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

export interface Assets {
  /** The address of a file of static/ (`img/icons.svg`), of `app.css` or of a font (`font/…`), with a mark of its content. Throws when it is not there. */
  url: (name: string) => string
  /** The names that `url` knows. */
  names: ReadonlySet<string>
  dir: string
  /** css/*.css in one. */
  styles: string
}

const fontFolder = dirname(fileURLToPath(import.meta.resolve('@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-400-normal.woff2')))
const fonts = ['latin', 'latin-ext'].flatMap((script) => [400, 700].map((weight) => `atkinson-hyperlegible-${script}-${weight}-normal.woff2`))

/** Marks every file of `dir` (static/) and the site's fonts with its content, and joins the styles. */
export function loadAssets(dir: string): Assets {
  const urls = new Map<string, string>()
  const add = (name: string, content: Buffer | string) => urls.set(name, `/static/${name}?v=${markOf(content)}`)
  for (const font of fonts) add(`font/${font}`, readFileSync(join(fontFolder, font)))
  for (const name of listFiles(dir)) if (!name.startsWith('css/')) add(name, readFileSync(join(dir, name)))
  const styles = joinStyles(join(dir, 'css'), urls)
  add('app.css', styles)
  const url = (name: string) => {
    const found = urls.get(name)
    if (!found) throw new Error(`There is no static/${name}.`)
    return found
  }
  return { url, names: new Set(urls.keys()), dir, styles }
}

/** Serves /static/* and /favicon.ico. An address with its mark can be kept for ever; any other is asked for again. */
export async function registerAssets(app: FastifyInstance, { assets }: { assets: Assets }): Promise<void> {
  const etag = `W/"${markOf(assets.styles)}"`
  app.get('/static/app.css', (request, reply) => {
    reply.type('text/css; charset=utf-8').header('etag', etag)
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(assets.styles)
  })
  app.get('/favicon.ico', (_request, reply) => reply.redirect(assets.url('img/favicon.svg'), 302))
  app.addHook('onSend', async (request, reply) => {
    if (!request.url.startsWith('/static/') || reply.statusCode >= 400) return
    reply.header('cache-control', request.url.includes('?v=') ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  const options = { decorateReply: false, index: false as const, cacheControl: false, dotfiles: 'ignore' as const }
  await app.register(fastifyStatic, { ...options, root: assets.dir, prefix: '/static/', allowedPath: (path) => assets.names.has(path.slice(1)) })
  await app.register(fastifyStatic, { ...options, root: fontFolder, prefix: '/static/font/', allowedPath: (path) => fonts.includes(path.slice(1)) })
}

function markOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 10)
}

/** In the order of their numbered names; comments left out, addresses under /static/ marked. */
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
