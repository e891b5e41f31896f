import { toSlug } from '../../text/fold.ts'

/** What a server says of one of its ecosystems. `language` is that of the title. */
export interface ToldEcosystem {
  keyword: string
  title: string
  language: string | null
  groupCount: number
  /** Addresses of the ecosystems it names. */
  related: string[]
}

const mostTold = 200
const mostNamed = 50

/**
 * The ecosystems in a server's list, the largest first, two hundred at most; what is not written as it should be is passed over. Undefined when it
 * is no list of ecosystems at all. `keywords` are those that are followed, null for all.
 */
export function readEcosystemList(json: unknown, origin: string, keywords: string[] | null): ToldEcosystem[] | undefined {
  if (!isFacts(json) || !Array.isArray(json.items)) return undefined
  const told = json.items.slice(0, 10 * mostTold).flatMap((one) => readEcosystem(one, origin) ?? [])
  const distinct = [...new Map(told.map((one) => [one.keyword, one])).values()]
  const followed = keywords ? distinct.filter(({ keyword }) => keywords.includes(keyword)) : distinct
  return followed.sort((a, b) => b.groupCount - a.groupCount || (a.keyword < b.keyword ? -1 : 1)).slice(0, mostTold)
}

/** An ecosystem that says it is another server's is not believed. */
function readEcosystem(one: unknown, origin: string): ToldEcosystem | undefined {
  if (!isFacts(one)) return undefined
  const { keyword, title, url, groupCount, related, languages } = one
  if (typeof keyword !== 'string' || keyword === '' || toSlug(keyword) !== keyword) return undefined
  if (url !== undefined && URL.parse(String(url))?.origin !== origin) return undefined
  const said = typeof title === 'string' ? toLine(title, 120) : ''
  const isCount = typeof groupCount === 'number' && Number.isSafeInteger(groupCount) && groupCount >= 0 && groupCount < 2 ** 31
  return {
    keyword,
    title: said || keyword,
    language: Array.isArray(languages) ? readLanguage(languages[0]) : null,
    groupCount: isCount ? groupCount : 0,
    related: Array.isArray(related) ? related.filter((address) => typeof address === 'string' && addressKey(address)).slice(0, mostNamed) : [],
  }
}

function readLanguage(tag: unknown): string | null {
  return typeof tag === 'string' && /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i.test(tag) ? tag : null
}

/** One line without signs that would turn the text around it. */
function toLine(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return [...line].slice(0, most).join('')
}

/** What two addresses of one ecosystem have in common, however they are written: `host/e/keyword`. Undefined for what is no address on the web. */
export function addressKey(address: string): string | undefined {
  const url = address.length <= 2000 ? URL.parse(address) : null
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const keyword = /^\/e\/([^/]+)\/?$/.exec(url.pathname)?.[1]
  return keyword ? `${url.host}/e/${toSlug(decode(keyword))}` : url.host + url.pathname.replace(/\/+$/, '')
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function isFacts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
