import { maySeeInside, type Person } from '../account/rights.ts'
import type { RegisteredEcosystem } from '../catalogue/catalogue.ts'
import type { TwinRow, Twins } from '../catalogue/twins.ts'
import type { GroupRow } from '../db/tables.ts'
import { contourSvg } from '../look/contour.ts'
import { toPictureView } from '../look/uploads.ts'
import type { Group, GroupRecord, Service } from '../schema-types.ts'
import type { Formats } from '../text/format.ts'
import * as urls from '../urls.ts'
import { toGroup } from './row.ts'
import type { Freshness, GroupCard } from './view-model.ts'

/** What presenting a group needs to know besides the group. */
export interface PresentContext {
  publicUrl: string
  ecosystems: Map<string, RegisteredEcosystem>
}

export interface ReaderContext extends PresentContext {
  /** When each source of imports was last read. */
  sources: Map<string, string>
  /** Records that are of one group. */
  twins: Twins
  format: Formats
  now: Date
}

/** The record for everyone: services kept for insiders are left out unless the group shows them. `whole` keeps them (backups). */
export function toRecord(
  row: GroupRow,
  context: PresentContext,
  { whole = false, formerly }: { whole?: boolean; formerly?: GroupRecord['formerly'] } = {},
): GroupRecord {
  const { links, ...group } = toGroup(row)
  const shown = links?.filter((link) => whole || isPublic(link.service, group.publicServices))
  return {
    id: row.id,
    iri: iriOf(row, context.publicUrl),
    url: urls.absolute(context.publicUrl, urls.group(row.short_name)),
    ...group,
    ...(shown?.length ? { links: shown } : {}),
    ecosystems: ecosystemsOf(row, group, context).map(({ keyword, title }) => ({
      keyword,
      title,
      url: urls.absolute(context.publicUrl, urls.ecosystem(keyword)),
    })),
    origin: originOf(row, context.publicUrl),
    ...(formerly ? { formerly } : {}),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.checked_at ? { checkedAt: row.checked_at } : {}),
    revision: row.revision,
  }
}

export function isPublic(service: Service, publicServices: Group['publicServices']): boolean {
  return (service !== 'administration' && service !== 'tracking') || (publicServices?.includes(service) ?? false)
}

/** The registered ecosystems that list this group. */
export function ecosystemsOf(row: GroupRow, group: Pick<Group, 'keywords'>, { ecosystems }: PresentContext): RegisteredEcosystem[] {
  return (group.keywords ?? []).flatMap(({ slug }) => {
    const found = ecosystems.get(slug)
    return found && (!found.accepted || found.accepted.has(row.num)) ? [found] : []
  })
}

// Cards are in columns of 280 pixels or more.
const bannerSizes = '(min-width: 680px) 400px, 100vw'

/** Whether somebody sees the group's links for insiders. */
export function isInside(person: Person | undefined, row: GroupRow, context: PresentContext): boolean {
  if (!person) return false
  const listing = ecosystemsOf(row, toGroup(row), context).map(({ keyword }) => keyword)
  return maySeeInside(person, row, listing)
}

export function toCard(row: GroupRow, context: ReaderContext): GroupCard {
  const { twins } = context
  const group = toGroup(row)
  const banner = toPictureView(group.banner, context.publicUrl, bannerSizes)
  return {
    url: urls.group(row.short_name),
    shortName: row.short_name,
    name: row.name,
    summary: row.summary,
    ...languageOf(group.languages),
    type: row.type,
    activity: row.activity ?? 'unknown',
    banner,
    logo: toPictureView(group.logo, context.publicUrl, '48px'),
    contour: banner ? undefined : contourSvg(row.short_name, row.type, { inline: true }),
    place: placeOf(group, context.format),
    keywords: keywordLinks(group).slice(0, 4),
    members: group.memberCount,
    freshness: freshnessOf(row, context),
    wanted: wantedRoles(group),
    join: joinOf(group),
    goneSince: row.origin_server ? undefined : (row.gone_at ?? undefined),
    keptAt: keptAt(row),
    also: (twins.of.get(row.num) ?? []).filter(({ num }) => num !== row.num).map(toTwin),
  }
}

/** Where a copy is kept: its server as people know it, and the address of the record there. Undefined for what is kept here. */
export function homeOf({ origin_server, ...row }: Pick<GroupRow, 'id' | 'origin_server' | 'source_url'>): { host: string; url: string } | undefined {
  if (origin_server === null) return undefined
  return { host: new URL(origin_server).host, url: urls.elsewhere({ ...row, origin_server }) }
}

/** The address that stands for a record for ever, wherever it is kept. */
export function iriOf(row: Pick<GroupRow, 'id' | 'origin_server' | 'source_url'>, publicUrl: string): string {
  return homeOf(row)?.url ?? urls.absolute(publicUrl, urls.identity(row.id))
}

/** Another record of the same group: where it is kept, and its page here. */
function toTwin(row: TwinRow): GroupCard['also'][number] {
  return { where: homeOf(row)?.host ?? row.source ?? undefined, name: row.name, url: urls.group(row.short_name) }
}

function keptAt(row: GroupRow): GroupCard['keptAt'] {
  const home = homeOf(row)
  return home && { ...home, unseenSince: row.gone_at ?? undefined }
}

/** BCP 47 tag and direction of a group's own words; what is no tag says nothing. */
export function languageOf(languages: string[] | undefined): { lang: string; dir: 'ltr' | 'rtl' } {
  const lang = languages?.[0] ?? 'und'
  // Intl takes its time, and most texts are in these.
  if (/^(und|en|fr|es|pt|de|it|nl|br)$/.test(lang)) return { lang, dir: 'ltr' }
  try {
    return { lang, dir: rightToLeft.has(new Intl.Locale(lang).maximize().script ?? '') ? 'rtl' : 'ltr' }
  } catch {
    return { lang: 'und', dir: 'ltr' }
  }
}

export function keywordLinks(group: Pick<Group, 'keywords'>): { label: string; url: string }[] {
  return (group.keywords ?? []).map(({ slug, label }) => ({ label, url: urls.ecosystem(slug) }))
}

export function placeOf(group: Pick<Group, 'place' | 'region' | 'country'>, format: Formats): string | undefined {
  const parts = [group.place ?? (group.region && format.region(group.region)), group.country && format.country(group.country)]
  return parts.filter(Boolean).join(', ') || undefined
}

export function wantedRoles(group: Pick<Group, 'roles'>): string[] {
  return [...new Set((group.roles ?? []).filter((role) => role.wanted).map((role) => role.role))]
}

const rightToLeft = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'])
const staleAfterYears = 2

function freshnessOf(row: GroupRow, { now, sources }: ReaderContext): Freshness {
  // What a copy's home imported is read again there, not here.
  const source = row.origin_server === null ? row.source : null
  const at = row.checked_at ?? (source ? (row.gone_at ?? sources.get(source)) : undefined) ?? row.updated_at
  const limit = new Date(now)
  limit.setUTCFullYear(limit.getUTCFullYear() - staleAfterYears)
  return { kind: row.checked_at ? 'checked' : source ? 'imported' : 'changed', at, stale: Date.parse(at) < limit.getTime() }
}

/** The first way in: where to sign up, else to talk, to meet, to look. */
export function joinOf(group: Pick<Group, 'links'>): GroupCard['join'] {
  for (const service of ['subscribe', 'discussion', 'meetings', 'home'] as const) {
    const link = group.links?.find((one) => one.service === service)
    if (link) return { url: link.url, service }
  }
  return undefined
}

function originOf(row: GroupRow, publicUrl: string): GroupRecord['origin'] {
  const claimed = row.claimed_at === null ? {} : { claimed: true }
  if (!row.source || !row.source_id) return { server: row.origin_server ?? publicUrl, ...claimed }
  return {
    ...claimed,
    source: row.source,
    sourceId: row.source_id,
    ...(row.source_url ? { sourceUrl: row.source_url } : {}),
    ...(row.gone_at ? { goneAt: row.gone_at } : {}),
  }
}
