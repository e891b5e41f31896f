import { fold } from '../../text/fold.ts'
import { isOnlyMailbox, labelOf } from './links.ts'
import { cut, toMarkdown, withoutUrls } from './plain-text.ts'
import type { Resource } from './resource.ts'
import { kindLabel, serviceOf } from './services.ts'

/** Where the index shows itself to people. */
export const indexUrl = 'https://openstreetmap.community/'

/**
 * The community's name, at most 120 characters. A chapter at a university is often called "Geography Club": its host is added.
 * `resources` best first, as everywhere here.
 */
export function toName(resources: Resource[]): string {
  const first = resources[0]!
  const shared = resources.length > 1 && resources.every(({ name }) => name === first.name)
  const name = shared ? first.name : (first.community ?? first.name)
  const host = hostOf(resources)
  const full = host && !key(name).includes(key(host)) ? `${name} (${host})` : name
  return full.length <= 120 ? full : cut(name, 120)
}

/** The town in "OpenStreetMap Aachen", or the university that a chapter belongs to. Absent if the name does not tell. */
export function toPlaceName(resources: Resource[]): string | undefined {
  const tail = tailOf(resources)
  return hostOf(resources) ?? (tail && !/^[A-Z-]+$/.test(tail) ? tail : undefined)
}

/** One line, at most 200 characters: what the most telling resource says of the community, else how one can meet it. */
export function toSummary(resources: Resource[], worldwide: boolean): string {
  const telling = tellingResource(resources)
  if (telling) return cut(withoutUrls(telling.description!.replaceAll('\n\n', ' ')), 200)
  const kinds = [...new Set(resources.map((one) => withArticle(kindLabel(one.type, one.url ?? ''))))].slice(0, 6)
  const places = kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}` : kinds[0]
  return cut(`${aboutWhom(resources, worldwide)}, to be found on ${places}.`, 200)
}

/** Markdown, at most 5,000 characters: the longer texts, then what is said of each channel, each text once. Absent if the summary says it all. */
export function toDescription(resources: Resource[], summary: string): string | undefined {
  const said = new Set([key(summary), ...resources.map(({ name }) => key(name))])
  const fresh = (text: string | undefined): text is string => {
    if (!text || said.has(key(text))) return false
    said.add(key(text))
    return true
  }
  const paragraphs = resources
    .map(({ extendedDescription }) => extendedDescription)
    .filter(fresh)
    .map(toMarkdown)
  const channels = resources.filter((one) => !isGeneric(one) && fresh(one.description)).map(channelLine)
  const note = resources.every(isOnlyMailbox) ? [mailboxNote] : []
  const blocks = [...paragraphs, ...(channels.length > 0 ? [channels.join('\n')] : []), ...note]
  while (blocks.join('\n\n').length > 5000) blocks.splice(-1 - note.length, 1)
  return blocks.join('\n\n') || undefined
}

const mailboxNote = `The [OSM Community Index](${indexUrl}) gives only an e-mail address for this group. E-mail addresses are not copied here.`

/** What a host university is called, as the index words it. */
function hostOf(resources: Resource[]): string | undefined {
  return resources
    .map(({ description }) => /^YouthMappers chapter at (?:the )?(.+)$/.exec(description ?? '')?.[1])
    .find((host) => host !== undefined && host.length <= 200)
}

/** "OpenStreetMap Aachen", "OpenStreetMap Ulm Neu-Ulm Meetup" → what follows, if it begins like a name. */
function tailOf(resources: Resource[]): string | undefined {
  const name = resources[0]!.community ?? resources[0]!.name
  return /^(?:OpenStreetMap|OSM) (\p{Lu}.*)$/u.exec(name.replace(channelEnding, ''))?.[1]
}

const channelEnding = / (?:on |- )?(?:Meetup|Mailing List|Telegram|Slack|Discord|Signal|Twitter|X|Mastodon|Facebook|Community Forum)$/

/** Resources that speak of the group itself and not of one channel. A lone resource is the group. */
function tellingResource(resources: Resource[]): Resource | undefined {
  const own = resources.filter((one) => one.description && !isGeneric(one) && !invites.test(one.description) && withoutUrls(one.description))
  if (resources.length === 1) return own[0]
  const rank = ({ type, name, community, description }: Resource) => {
    if (['osm-lc', 'youthmappers', 'osm', 'group'].includes(type)) return 1
    if (type === 'url') return name === community ? 1 : 0
    if (type === 'meetup') return 2
    return serviceOf(type) === 'news' && speaksOfPeople.test(description!) ? 3 : 0
  }
  return own.filter((one) => rank(one) > 0).sort((a, b) => rank(a) - rank(b))[0]
}

const invites =
  /^(?:join|follow|subscribe|like us|sign up|get in touch|chat with|code with|all are welcome|every(?:one|body) is welcome|all mappers)\b/i
const speaksOfPeople = /\b(?:we|mappers|improve|group|association|collective|is a|chapter)\b/i

/** Texts that only repeat what kind of channel it is. */
function isGeneric({ description = '', name, community = '' }: Resource): boolean {
  const text = withoutUrls(description)
  return generic.test(text) || [name, community].some((one) => key(one) === key(text))
}

const generic =
  /^(?:all mappers are welcome!?|all are welcome!?(?: sign up at)?|follow us on \w+(?: at)?|code with us|wikiproject(?: page for)? \S+)$|(?:wiki|eventbrite) page$|\b(?:github|(?:twitter|x) account)$|^join \S+ on irc\b/i

function channelLine(resource: Resource): string {
  const text = resource.description!.replaceAll('\n\n', ' ')
  // The link stands right beside: its address at the end says nothing more, unless the sentence leads up to it.
  const shown = /: \S+$/.test(text) && !/\b(?:link|at|here): \S+$/.test(text) ? withoutUrls(text) : text
  return `- ${labelOf(resource, resource.url ?? '')}: ${toMarkdown(shown)}`
}

/** Same words, other address: the same text. */
function key(text: string): string {
  return fold(withoutUrls(text).replace(/https?:\/\/\S+/g, '')).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** "Wiki" → "a wiki"; names stay as they are. */
function withArticle(label: string): string {
  return ['Website', 'Mailing list', 'Forum', 'Newsletter', 'Wiki', 'Facebook group'].includes(label)
    ? `a ${label.replace(/^[^F]|^Forum/, (first) => first.toLowerCase())}`
    : label
}

function aboutWhom(resources: Resource[], worldwide: boolean): string {
  const tail = tailOf(resources)
  if (worldwide) return 'The worldwide OpenStreetMap community'
  if (!tail) return 'An OpenStreetMap community'
  return `The OpenStreetMap community of ${plural.test(tail) ? 'the ' : ''}${tail}`
}

const plural = /^(?:Netherlands|Philippines|UK|US|RDC|Deep South|.* (?:Republic|Countries))$/
