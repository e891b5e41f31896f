import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import { activities } from '../catalogue/snapshot.ts'
import type { Deps } from '../deps.ts'
import { listEcosystems } from '../ecosystem/queries.ts'
import { notFound } from '../errors.ts'
import { isKnownList } from '../group/current.ts'
import { streamed } from '../http/compress.ts'
import { langOnly } from '../http/lang-only.ts'
import * as urls from '../urls.ts'
import { listTimes } from './queries.ts'

/** Root-relative, with the ISO time of its last change if that is known. */
interface Entry {
  path: string
  at?: string
}

const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
const batch = 500

/**
 * For search engines: /robots.txt and /sitemap.xml, which beyond `most` addresses becomes an index. Part 1 holds pages and ecosystems, the
 * others groups, in the order of their coming: a new group changes the last part only. Groups kept on another server are listed there.
 */
export function registerSitemap(app: FastifyInstance, deps: Deps, most = 50_000): void {
  app.get(urls.robots, (_request, reply) =>
    reply.type('text/plain; charset=utf-8').header('cache-control', 'public, max-age=3600').send(robotsText(deps.config.publicUrl)),
  )

  app.get(urls.sitemap, { schema: { querystring: langOnly }, compress: streamed }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const nums = listedNums(state)
    const head = await headEntries(deps)
    if (head.length + nums.length <= most) return send(request, reply, deps, state, 'urlset', oneFile(deps, head, nums))
    const parts = Array.from({ length: 1 + Math.ceil(nums.length / most) }, (_, index) => ({ path: urls.sitemapPart(index + 1) }))
    return send(request, reply, deps, state, 'sitemapindex', oneFile(deps, parts, []))
  })

  app.get<{ Params: { part: string } }>('/sitemap/:part.xml', { schema: { querystring: langOnly }, compress: streamed }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const part = /^[1-9]\d{0,5}$/.test(request.params.part) ? Number(request.params.part) : 0
    const nums = listedNums(state).slice((part - 2) * most, (part - 1) * most)
    if (part === 0 || (part > 1 && nums.length === 0)) throw notFound()
    const entries = part === 1 ? oneFile(deps, await headEntries(deps), []) : oneFile(deps, [], nums)
    return send(request, reply, deps, state, 'urlset', entries)
  })
}

/** Whole lists are for reuse, not for search engines: without this they would read them once for every choice of facets. */
function robotsText(publicUrl: string): string {
  return ['User-agent: *', 'Disallow: /*.csv', 'Disallow: /*.geojson', `Sitemap: ${urls.absolute(publicUrl, urls.sitemap)}`, ''].join('\n')
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
  state: CatalogueState,
  element: 'urlset' | 'sitemapindex',
  entries: AsyncIterable<Entry[]>,
): FastifyReply {
  if (isKnownList(request, reply, deps, state)) return reply.code(304).send()
  reply.type('application/xml; charset=utf-8')
  return reply.send(Readable.from(request.method === 'HEAD' ? [] : write(deps.config.publicUrl, element, entries), { objectMode: false }))
}

/** Addresses are percent-encoded and times are digits: nothing here needs escaping. */
async function* write(publicUrl: string, element: 'urlset' | 'sitemapindex', batches: AsyncIterable<Entry[]>): AsyncGenerator<string> {
  const item = element === 'urlset' ? 'url' : 'sitemap'
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<${element} ${namespace}>\n`
  for await (const entries of batches) {
    const lines = entries.map(({ path, at }) => {
      const lastmod = at === undefined ? '' : `<lastmod>${at}</lastmod>`
      return `<${item}><loc>${urls.absolute(publicUrl, path)}</loc>${lastmod}</${item}>\n`
    })
    yield lines.join('')
  }
  yield `</${element}>\n`
}

async function* oneFile({ db }: Pick<Deps, 'db'>, head: Entry[], nums: number[]): AsyncGenerator<Entry[]> {
  if (head.length > 0) yield head
  for (let at = 0; at < nums.length; at += batch) {
    const rows = await listTimes(db, nums.slice(at, at + batch))
    if (rows.length > 0) yield rows.map((row) => ({ path: urls.group(row.short_name), at: row.updated_at }))
    await setImmediate()
  }
}

async function headEntries({ db }: Pick<Deps, 'db'>): Promise<Entry[]> {
  const pages = [urls.home, urls.groups, urls.ecosystems, urls.network, urls.about, urls.privacy, urls.api].map((path): Entry => ({ path }))
  return [...pages, ...(await listEcosystems(db)).map((row) => ({ path: urls.ecosystem(row.keyword), at: row.updated_at }))]
}

/** The groups kept here that are not archived and that no other record stands for, in the order of their coming. */
function listedNums({ snapshot, twins: { hidden } }: CatalogueState): number[] {
  const archived = activities.indexOf('archived')
  const isListed = (num: number, slot: number) => snapshot.server[slot] === 0 && snapshot.activity[slot] !== archived && hidden?.[num] !== 1
  return Array.from(snapshot.num.filter(isListed)).sort((a, b) => a - b)
}
