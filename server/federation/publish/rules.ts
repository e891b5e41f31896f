/** A stretch of the numbers of changes, behind an address of its own. `next` is the first number after it, if it was given already. */
export interface Part {
  kind: 'page' | 'index'
  /** Counted from 1. */
  number: number
  first: number
  next?: number
}

const pagesInIndex = 200

/** How many numbers a page holds. The changes of one keyword are few among many: its pages are wider. */
export function pageSize(keyword: string | undefined): number {
  return keyword === undefined ? 250 : 1000
}

/** What the root leads to when the last change of ours has the number `last`: full indexes, then the pages after them. */
export function rootParts(last: number, size: number): Part[] {
  const pages = Math.ceil(last / size)
  const indexes = fullIndexes(last, size)
  return [...toParts('index', 1, indexes, size * pagesInIndex, last), ...toParts('page', indexes * pagesInIndex + 1, pages, size, last)]
}

/** The pages of an index; none while it is not full. Nothing about them changes any more. */
export function indexParts(index: number, last: number, size: number): Part[] {
  return index > fullIndexes(last, size) ? [] : toParts('page', (index - 1) * pagesInIndex + 1, index * pagesInIndex, size, last)
}

/** The numbers of a page, and whether all of them are given; nothing for a page after the one that comes next. */
export function pageBounds(page: number, last: number, size: number): { from: number; to: number; closed: boolean } | undefined {
  const to = page * size
  return page > pageAfter(last, size) ? undefined : { from: to - size + 1, to, closed: to <= last }
}

/** The page that holds what comes after the number `last`. */
export function pageAfter(last: number, size: number): number {
  return Math.floor(last / size) + 1
}

/** An index is full once something comes after it: until then, nobody knows when its last page ends. */
function fullIndexes(last: number, size: number): number {
  return Math.max(0, Math.ceil(last / (size * pagesInIndex)) - 1)
}

function toParts(kind: Part['kind'], from: number, to: number, size: number, last: number): Part[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => {
    const number = from + at
    const next = number * size + 1
    return { kind, number, first: next - size, ...(next <= last ? { next } : {}) }
  })
}

/** What a WebFinger resource names here; `nothing` for what is not ours. An account may be a group's or a keyword's. */
export type Resource = { kind: 'account' | 'group' | 'id' | 'keyword' | 'nothing'; name: string }

const nothing: Resource = { kind: 'nothing', name: '' }
const kinds = { g: 'group', id: 'id', e: 'keyword' } as const

/** Reads `acct:name@host` or the address of a page of ours. */
export function readResource(resource: string, publicUrl: string): Resource | 'malformed' {
  const here = new URL(publicUrl)
  if (/^acct:/i.test(resource)) {
    const [, user = '', host = ''] = /^acct:([^@]+)@([^@/?#\s]+)$/i.exec(resource) ?? []
    const name = decoded(user)
    if (!name || !host) return 'malformed'
    return host.toLowerCase() === here.host ? { kind: 'account', name } : nothing
  }
  if (!/^[a-z][a-z0-9+.-]*:\S/i.test(resource)) return 'malformed'
  const url = URL.parse(resource)
  if (url?.origin !== here.origin) return nothing
  const [, room, part] = /^\/(g|id|e)\/([^/]+)$/.exec(url.pathname) ?? []
  const name = decoded(part ?? '')
  return room && name ? { kind: kinds[room as keyof typeof kinds], name } : nothing
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
