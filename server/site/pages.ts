import type { FastifyInstance, LogLevel } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import { pageOf } from '../catalogue/page.ts'
import { select } from '../catalogue/select.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { toIsle } from '../ecosystem/present-page.ts'
import { listEcosystems } from '../ecosystem/queries.ts'
import { AppError } from '../errors.ts'
import { toCard } from '../group/present.ts'
import { listGroupsByNum } from '../group/queries.ts'
import { readerContext } from '../group/reader.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { isReady } from './queries.ts'

const latestShown = 6

export function registerSitePages(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config

  app.get(urls.home, { schema: { querystring: langOnly } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const ecosystems = await listEcosystems(deps.db)
    const { total, rows } = await latestGroups(deps, state)
    const latest = rows.map((row) => toCard(row, readerContext(request, deps, state)))
    const page = pageFrame(request, deps.config, {
      title: request.t('site.tagline'),
      description: request.t('home.text'),
      alternates: [
        { type: 'application/ld+json', url: urls.dataset, title: 'DCAT' },
        { type: 'application/ld+json', url: urls.changes, title: 'LDES' },
      ],
    })
    const isles = ecosystems.map((row) => toIsle(row, state))
    const empty = state.snapshot.size === 0 && ecosystems.length === 0
    return reply.page('site/home', { page, q: '', total, ecosystemCount: ecosystems.length, ecosystems: isles, latest, empty })
  })

  app.get(urls.about, { schema: { querystring: langOnly } }, async (request, reply) => {
    const page = pageFrame(request, deps.config, { title: request.t('about.title'), description: request.t('about.whatText') })
    return reply.page('site/about', { page, serverUrl: publicUrl, operator: undefined })
  })

  app.get(urls.privacy, { schema: { querystring: langOnly } }, async (request, reply) => {
    const page = pageFrame(request, deps.config, { title: request.t('privacy.title'), description: request.t('privacy.lead') })
    return reply.page('site/privacy', { page })
  })

  app.get(urls.openSearch, { schema: { querystring: langOnly } }, async (request, reply) =>
    reply.type('application/opensearchdescription+xml; charset=utf-8').send(openSearchDescription(publicUrl, request.t('site.tagline'))),
  )
}

/** For what watches the server: alive, and ready to keep what it is given. */
export function registerProbes(app: FastifyInstance, { db, config }: Pick<Deps, 'db' | 'config'>): void {
  // Asked every few seconds: only what goes wrong is worth a line, if that.
  const logLevel = ['trace', 'debug', 'info'].includes(config.logLevel) ? 'warn' : (config.logLevel as LogLevel)
  app.get('/healthz', { logLevel }, async () => ({ status: 'ok' }))
  app.get('/readyz', { logLevel }, async () => {
    const ready = await isReady(db)
    if (!ready) throw new AppError('unavailable')
    return { status: 'ok' }
  })
}

/** The last groups written, and how many there are; archived ones count for neither. */
async function latestGroups({ db }: Deps, { snapshot }: CatalogueState): Promise<{ total: number; rows: GroupRow[] }> {
  const selection = select(snapshot, { facets: {}, keywords: [], wanted: false })
  const { slots } = pageOf(snapshot, selection, { sort: 'updated', size: latestShown })
  const nums = slots.map((slot) => snapshot.num[slot]!)
  return { total: selection.slots.length, rows: await listGroupsByNum(db, nums) }
}

function openSearchDescription(publicUrl: string, description: string): string {
  const xml = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Archipel</ShortName>
<Description>${xml(description)}</Description>
<InputEncoding>UTF-8</InputEncoding>
<Url type="text/html" template="${xml(publicUrl)}/groups?q={searchTerms}"/>
<Url type="application/json" template="${xml(publicUrl)}/groups.json?q={searchTerms}"/>
</OpenSearchDescription>
`
}
