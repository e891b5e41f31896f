import type { PersonRow, SessionRow, Tables } from '../db/tables.ts'
import * as urls from '../urls.ts'
import type { GroupLine } from './queries.ts'
import type { Person } from './rights.ts'

/** What one's own page shows, beside what the other rooms have to say. */
export interface MeView {
  address: string
  name: string
  locale: 'fr' | 'en'
  groups: MyGroup[]
  ecosystems: { title: string; url: string; role: 'steward' | 'helper' }[]
  sessions: { id: string; agent: string | undefined; createdAt: string; seenAt: string; current: boolean }[]
  tokens: { id: string; name: string; createdAt: string; usedAt: string | undefined }[]
  /** Only operators see who they are. */
  operators: { name: string | undefined; address: string }[]
}

export interface MyGroup {
  name: string
  lang: string
  url: string
  editUrl: string
  animatorsUrl: string
  checkedAt: string | undefined
  archived: boolean
  /** Kept on another server: read here, and no more. */
  copy: boolean
}

interface Rows {
  groups: GroupLine[]
  titles: { keyword: string; title: string }[]
  sessions: SessionRow[]
  tokens: Tables['access_token'][]
  operators: Pick<PersonRow, 'name' | 'address'>[]
}

/** `sessionId` is the session that asks. */
export function toMeView(person: Person, sessionId: string | undefined, { groups, titles, sessions, tokens, operators }: Rows): MeView {
  const known = new Map(titles.map(({ keyword, title }) => [keyword, title]))
  const ecosystem = (keyword: string, role: 'steward' | 'helper') => ({ title: known.get(keyword) ?? keyword, url: urls.ecosystem(keyword), role })
  return {
    address: person.address,
    name: person.name ?? '',
    locale: person.locale,
    groups: groups.map(toMyGroup),
    ecosystems: [...[...person.stewards].map((one) => ecosystem(one, 'steward')), ...[...person.helps].map((one) => ecosystem(one, 'helper'))],
    sessions: sessions.map(({ id, agent, created_at, seen_at }) => ({
      id,
      agent: agent ?? undefined,
      createdAt: created_at,
      seenAt: seen_at,
      current: id === sessionId,
    })),
    tokens: tokens.map(({ id, name, created_at, used_at }) => ({ id, name, createdAt: created_at, usedAt: used_at ?? undefined })),
    operators: operators.map(({ name, address }) => ({ name: name ?? undefined, address })),
  }
}

function toMyGroup({ short_name, name, languages, checked_at, activity, origin_server }: GroupLine): MyGroup {
  return {
    name,
    lang: (JSON.parse(languages ?? '[]') as string[])[0] ?? 'und',
    url: urls.group(short_name),
    editUrl: urls.groupEdit(short_name),
    animatorsUrl: urls.groupAnimators(short_name),
    checkedAt: checked_at ?? undefined,
    archived: activity === 'archived',
    copy: origin_server !== null,
  }
}
