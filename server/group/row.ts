import type { GroupWords } from '../db/search.ts'
import type { GroupRow } from '../db/tables.ts'
import type { Group } from '../schema-types.ts'
import { fold } from '../text/fold.ts'
import { plainText } from '../text/markdown.ts'
import { words } from '../text/words.ts'

/** What the server adds to a group's own words. */
export type Stamp = Pick<
  GroupRow,
  | 'num'
  | 'id'
  | 'origin_server'
  | 'source'
  | 'source_id'
  | 'source_url'
  | 'gone_at'
  | 'claimed_at'
  | 'created_at'
  | 'updated_at'
  | 'checked_at'
  | 'revision'
  | 'change_seq'
>

/** A checked record as a row. */
export function toRow(group: Group, stamp: Stamp): GroupRow {
  return {
    num: stamp.num,
    id: stamp.id,
    short_name: group.shortName,
    name: group.name,
    summary: group.summary,
    type: group.type,
    activity: group.activity ?? null,
    sort_key: fold(group.name),
    languages: json(group.languages),
    keywords: json(group.keywords),
    country: group.country ?? null,
    region: group.region ?? null,
    place: group.place ?? null,
    lat: group.position?.lat ?? null,
    lng: group.position?.lng ?? null,
    precision: group.position?.precision ?? null,
    member_count: group.memberCount ?? null,
    member_count_at: group.memberCountAt ?? null,
    wanted: group.roles?.some((role) => role.wanted) ? 1 : 0,
    meets: group.meets ?? null,
    next_meeting: json(group.nextMeeting),
    banner: json(group.banner),
    logo: json(group.logo),
    partners: json(group.partners),
    links: json(group.links),
    public_services: json(group.publicServices),
    roles: json(group.roles),
    welcome: json(group.welcome),
    parent: group.parent ?? null,
    licence: group.licence ?? null,
    description: group.description ?? null,
    origin_server: stamp.origin_server,
    source: stamp.source,
    source_id: stamp.source_id,
    source_url: stamp.source_url,
    gone_at: stamp.gone_at,
    claimed_at: stamp.claimed_at,
    created_at: stamp.created_at,
    updated_at: stamp.updated_at,
    checked_at: stamp.checked_at,
    revision: stamp.revision,
    change_seq: stamp.change_seq,
  }
}

/** The group's own words out of its row, keys in the schema's order, absent facts left out. */
export function toGroup(row: GroupRow): Group {
  const group: Record<keyof Group, unknown> = {
    name: row.name,
    summary: row.summary,
    type: row.type,
    shortName: row.short_name,
    description: row.description,
    languages: parse(row.languages),
    keywords: parse(row.keywords),
    activity: row.activity,
    country: row.country,
    region: row.region,
    place: row.place,
    position: row.precision === null ? null : { lat: row.lat, lng: row.lng, precision: row.precision },
    memberCount: row.member_count,
    memberCountAt: row.member_count_at,
    meets: row.meets,
    nextMeeting: parse(row.next_meeting),
    banner: parse(row.banner),
    logo: parse(row.logo),
    partners: parse(row.partners),
    links: parse(row.links),
    publicServices: parse(row.public_services),
    roles: parse(row.roles),
    welcome: parse(row.welcome),
    parent: row.parent,
    licence: row.licence,
  }
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== null)) as unknown as Group
}

/** What a group can be found by. `placeNames` are its country and region in every language of the interface. */
export function toWords(num: number, group: Group, placeNames: string[]): GroupWords {
  const keywords = (group.keywords ?? []).map((keyword) => keyword.label)
  const description = [group.description ? plainText(group.description) : '', group.place ?? '', group.shortName, ...placeNames]
  const texts = [group.name, keywords.join(' '), group.summary, description.join(' ')]
  return { num, fields: texts.map(words) as GroupWords['fields'] }
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function parse(text: string | null): unknown {
  return text === null ? null : JSON.parse(text)
}
