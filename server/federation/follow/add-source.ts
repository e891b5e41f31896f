import type { Db, FollowedSourceRow } from '../../db/tables.ts'
import { badRequest, forbidden } from '../../errors.ts'
import type { Outbound } from '../../net/outbound.ts'
import { decode } from '../copies/foreign.ts'
import { listBlockedOrigins } from '../copies/queries.ts'
import { originOf } from '../copies/rules.ts'
import { insertSource, type NewSource, type SourceSettings } from './actions.ts'

export interface AddDeps {
  db: Db
  outbound: Outbound
  clock: () => Date
  config: { publicUrl: string }
}

type Found = Pick<NewSource, 'kind' | 'url'> & { keywords?: string[] }

/**
 * Follows an address: asks it what it is. The home page, the list or a keyword's page of a server like this one stands for its changes.
 * `keyword` is the ecosystem whose stewards keep the source. Throws a 400 for an address that is ours, does not answer, or says nothing known,
 * a 403 for a server that operators block.
 */
export async function addSource(
  deps: AddDeps,
  address: string,
  { keyword = null, ...settings }: SourceSettings & { keyword?: string | null } = {},
): Promise<FollowedSourceRow> {
  const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`)
  if (!url || !originOf(url.href)) throw badRequest({ key: 'error.follow.address', values: { address: address.slice(0, 200) } })
  if (url.origin === new URL(deps.config.publicUrl).origin) throw badRequest({ key: 'error.follow.self' })
  // It is not even asked.
  if (settings.trust !== 'blocked' && (await listBlockedOrigins(deps.db)).has(url.origin))
    throw forbidden({ key: 'error.follow.blocked', values: { host: url.host } })
  url.hash = ''
  const found = (await findArchipel(deps.outbound, url)) ?? (await detect(deps.outbound, url))
  const one = settings.keywords?.length === 1 ? settings.keywords : undefined
  const keywords = settings.keywords ?? found.keywords
  const whole = found.kind === 'changes' && one && !new URL(found.url).search ? withKeyword(found.url, one[0]!) : found.url
  return insertSource(deps.db, { ...settings, ...(keywords ? { keywords } : {}), kind: found.kind, url: whole, keyword }, deps.clock())
}

/** The changes that a page of a server like this one stands for. */
async function findArchipel(outbound: Outbound, url: URL): Promise<Found | undefined> {
  const keyword = /^\/e\/([^/.]+)/.exec(url.pathname)?.[1]
  if (!keyword && !/^\/(groups)?$/.test(url.pathname)) return undefined
  const links = (await tryJson(outbound, `${url.origin}/.well-known/nodeinfo`)) as { links?: { href?: unknown }[] } | undefined
  const href = Array.isArray(links?.links) ? links.links.findLast((link) => originOf(link?.href) === url.origin)?.href : undefined
  const info = href ? ((await tryJson(outbound, String(href))) as { software?: { name?: unknown } } | undefined) : undefined
  if (info?.software?.name !== 'archipel') return undefined
  const changes = `${url.origin}/changes`
  return keyword ? { kind: 'changes', url: withKeyword(changes, decode(keyword)), keywords: [decode(keyword)] } : { kind: 'changes', url: changes }
}

function withKeyword(changes: string, keyword: string): string {
  return `${changes}?${new URLSearchParams({ keyword })}`
}

async function tryJson(outbound: Outbound, url: string): Promise<unknown> {
  const outcome = await outbound.fetch(url, { accept: 'application/json' })
  if (outcome.name !== 'ok') return undefined
  try {
    return JSON.parse(outcome.body.toString('utf8'))
  } catch {
    return undefined
  }
}

const longestHead = 64 * 1024

/** What an address gives, by the beginning of its answer. */
async function detect(outbound: Outbound, url: URL): Promise<Found> {
  const accept = 'application/ld+json, application/json;q=0.9, application/geo+json;q=0.9, text/csv;q=0.8'
  const outcome = await outbound.stream(url.href, { accept, maxBytes: 2 ** 20 * 16 }, async (body) => {
    let head = ''
    for await (const chunk of body) {
      head += chunk.toString('utf8')
      if (head.length > longestHead) break
    }
    return head
  })
  if (outcome.name !== 'ok') {
    const reason = outcome.name === 'http-error' ? `http-${outcome.status}` : outcome.name
    throw badRequest({ key: 'error.follow.noAnswer', values: { address: url.href, reason } })
  }
  const kind = originOf(outcome.url) === url.origin ? kindOf(url, outcome.contentType ?? '', outcome.body) : undefined
  if (!kind) throw badRequest({ key: 'error.follow.unknown', values: { address: url.href } })
  const keyword = kind === 'changes' ? url.searchParams.get('keyword') : null
  return { kind, url: url.href, ...(keyword ? { keywords: [keyword] } : {}) }
}

function kindOf(url: URL, contentType: string, head: string): FollowedSourceRow['kind'] | undefined {
  if (contentType === 'text/csv' || url.pathname.endsWith('.csv')) return 'csv'
  if (/^\s*\{[^[]*"features"|"type"\s*:\s*"FeatureCollection"/.test(head)) return 'geojson'
  if (/\/v2\/nodes\/?$/.test(url.pathname) && /"data"\s*:\s*\[/.test(head)) return 'murmurations-index'
  if (/"linked_schemas"\s*:\s*\[/.test(head)) return 'murmurations-profile'
  if (/EventStream|w3id\.org\/(ldes|tree)#/.test(head)) return 'changes'
  return /^\s*[{[]\s*("[^"]*"\s*:\s*)?("https?:\/\/|\{\s*"(url|endpoint)"\s*:\s*"https?:\/\/)/.test(head) ? 'directory' : undefined
}
