import type { GroupRow } from '../db/tables.ts'
import type { Group, Link, Service } from '../schema-types.ts'
import { renderMarkdown } from '../text/markdown.ts'
import * as urls from '../urls.ts'
import { ecosystemsOf, homeOf, isPublic, keywordLinks, languageOf, placeOf, type ReaderContext, toCard, wantedRoles } from './present.ts'
import type { NamedRow } from './queries.ts'
import { toGroup } from './row.ts'
import type { GroupPage, Neighbour, ServiceLink } from './view-model.ts'

/** The groups around a group, already as rows. */
export interface Surroundings {
  subject: NamedRow[]
  place: { row: NamedRow; km?: number }[]
  across: NamedRow[]
  parent?: { name: string; short_name: string }
  children: { name: string; short_name: string }[]
  /** Number of groups by ecosystem keyword. */
  counts: Map<string, number>
}

/** Everything the page of one group shows, in the reader's language; `inside` to somebody whom it shows its services kept for insiders. */
export function toGroupPage(
  row: GroupRow,
  around: Surroundings,
  context: ReaderContext,
  { inside = false, formerly = [] }: { inside?: boolean; formerly?: { iri: string }[] } = {},
): GroupPage {
  const group = toGroup(row)
  const links = (group.links ?? []).filter((link) => inside || isPublic(link.service, group.publicServices))
  const card = toCard(row, context)
  return {
    card,
    id: row.id,
    typeUrl: urls.withParams(urls.groups, [['type', row.type]]),
    printUrl: urls.groupPrint(row.short_name),
    editUrl: row.origin_server ? undefined : urls.groupEdit(row.short_name),
    embedUrl: urls.widgetsOf(urls.group(row.short_name)),
    activityUrl: urls.withParams(urls.groups, [['activity', row.activity ?? 'unknown']]),
    descriptionHtml: group.description ? renderMarkdown(group.description) : undefined,
    keywords: keywordLinks(group),
    languages: (group.languages ?? []).map((tag) => ({ tag, name: context.format.language(tag) })),
    place: placePanel(group, context),
    members: group.memberCount === undefined ? undefined : { count: group.memberCount, at: group.memberCountAt },
    meets: group.meets,
    join: joinPanel(group, links, context.now, row.origin_server === null && (!row.source || row.claimed_at !== null)),
    services: otherServices(links, group.publicServices),
    roles: (group.roles ?? []).map(({ role, holder, since, wanted }) => ({ role, holder, since, wanted })),
    partners: (group.partners ?? []).map(({ name, url }) => ({ name, url, host: url && hostOf(url) })),
    ecosystems: ecosystemsOf(row, group, context).map(({ keyword, title }) => ({
      title,
      url: urls.ecosystem(keyword),
      count: around.counts.get(keyword) ?? 0,
    })),
    neighbours: {
      subject: around.subject.map((other) => toNeighbour(other, context)),
      place: around.place.map(({ row: other, km }) => ({ ...toNeighbour(other, context), km })),
      across: around.across.map((other) => toNeighbour(other, context)),
    },
    parent: around.parent && { name: around.parent.name, url: urls.group(around.parent.short_name) },
    children: around.children.map((child) => ({ name: child.name, url: urls.group(child.short_name) })),
    licence: group.licence,
    banner: card.banner && { ...card.banner, sizes: '(min-width: 1240px) 1208px, 100vw' },
    logo: card.logo && { ...card.logo, sizes: '96px' },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    checkedAt: row.checked_at ?? undefined,
    revision: row.revision,
    historyUrl: urls.groupHistory(row.short_name),
    suggestUrl: urls.groupSuggest(row.short_name),
    origin: originPanel(row),
    formerly: formerly.map(({ iri }) => new URL(iri).host),
  }
}

function toNeighbour({ short_name, name, type, languages, place, region, country }: NamedRow, { format }: ReaderContext): Neighbour {
  return {
    url: urls.group(short_name),
    name,
    ...languageOf(languages ? (JSON.parse(languages) as string[]) : undefined),
    type,
    place: placeOf({ place: place ?? undefined, region: region ?? undefined, country: country ?? undefined }, format),
  }
}

const joinServices: Service[] = ['subscribe', 'discussion', 'meetings', 'meeting-room']

function joinPanel(group: Group, links: Link[], now: Date, isAnimatedHere: boolean): GroupPage['join'] {
  const of = (...services: Service[]) => links.filter((link) => services.includes(link.service)).map(toServiceLink)
  const { at, url, place } = group.nextMeeting ?? {}
  const next = at && Date.parse(at) >= now.getTime() ? { at, url, place } : undefined
  const panel = {
    subscribe: of('subscribe'),
    discussion: of('discussion'),
    meetings: of('meetings', 'meeting-room'),
    nextMeeting: next,
    welcome: group.welcome ?? [],
    wanted: wantedRoles(group).map((role) => ({ role, url: isAnimatedHere ? urls.groupWrite(group.shortName, role) : undefined })),
    writeUrl: isAnimatedHere ? urls.groupWrite(group.shortName) : undefined,
  }
  const empty = !next && [panel.subscribe, panel.discussion, panel.meetings, panel.welcome, panel.wanted].every((list) => list.length === 0)
  return { ...panel, empty }
}

function otherServices(links: Link[], shown: Group['publicServices']): GroupPage['services'] {
  const services = new Map<Service, ServiceLink[]>()
  for (const link of links)
    if (!joinServices.includes(link.service)) services.set(link.service, [...(services.get(link.service) ?? []), toServiceLink(link)])
  return serviceOrder.flatMap((service) =>
    services.has(service) ? [{ service, links: services.get(service)!, inside: !isPublic(service, shown) }] : [],
  )
}

const serviceOrder: Service[] = ['home', 'news', 'projects', 'resources', 'inspiration', 'unsubscribe', 'members', 'administration', 'tracking']

function toServiceLink({ url, label }: Link): ServiceLink {
  return { url, label, host: hostOf(url) }
}

/** `framateam.org` for the web, the address itself for mail and chat. */
function hostOf(url: string): string {
  if (!/^https?:/i.test(url)) return url.replace(/^mailto:/i, '').split('?')[0]!
  return URL.canParse(url) ? new URL(url).host.replace(/^www\./, '') : url
}

function placePanel(group: Group, { format }: ReaderContext): GroupPage['place'] {
  const label = placeOf(group, format)
  if (!label) return undefined
  return {
    label,
    precision: group.position?.precision,
    mapUrl: group.position && urls.groupMap(group.shortName),
    countryName: group.country && format.country(group.country),
    countryUrl: group.country && urls.withParams(urls.groups, [['country', group.country]]),
  }
}

/** What came before addresses were checked may be anything. */
function webOnly(url: string | null): string | undefined {
  return url && /^https?:/i.test(url) ? url : undefined
}

function originPanel(row: GroupRow): GroupPage['origin'] {
  if (row.source && row.origin_server === null)
    return { kind: 'source', name: row.source, url: webOnly(row.source_url), goneAt: row.gone_at ?? undefined }
  const home = homeOf(row)
  return { kind: home ? 'server' : 'here', name: home?.host, url: home?.url, goneAt: undefined }
}
