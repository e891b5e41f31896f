import { readFileSync } from 'node:fs'
import { transaction } from '../db/open.ts'
import type { Db } from '../db/tables.ts'
import { saveEcosystem, saveListings } from '../ecosystem/actions.ts'
import { type Put, putGroups } from '../group/actions.ts'
import { checkGroup } from '../group/check.ts'
import { findGroupById, findTombstone } from '../group/queries.ts'
import type { Ecosystem } from '../schema-types.ts'
import { importSource } from '../transfer/import-source.ts'
import { readBundledResources, readOsmCommunityIndex } from '../transfer/osm/community-index.ts'
import type { ImportReport } from '../transfer/report.ts'
import * as urls from '../urls.ts'

/** `relatedHere`: keywords of the other ecosystems of the sample that it names; their addresses are those of the server. */
type DemoEcosystem = Ecosystem & { relatedHere?: string[] }

interface DemoGroup {
  id: string
  listedIn?: string[]
  /** Months since an animator last said "still true". */
  checkedAgo?: number
  nextMeetingInDays?: number
  nextMeeting?: { url?: string; place?: string }
  group: Record<string, unknown>
}

/**
 * Loads the sample content into any database; what is already there stays as it is, and what was deleted stays so. The imported groups come first, so that the latest are those
 * written here. With the address of the server, its ecosystems name each other there.
 */
export async function loadDemo(db: Db, clock: () => Date, publicUrl?: string): Promise<{ groups: number; imported: ImportReport }> {
  const now = () => clock().toISOString()
  for (const ecosystem of read<DemoEcosystem>('ecosystems')) await saveEcosystem(db, toEcosystem(ecosystem, publicUrl), now())
  const imported = await importSource(db, { source: 'osm-community-index', ...readOsmCommunityIndex(readBundledResources()), at: now() })
  const groups = await saveDemoGroups(db, [...read<DemoGroup>('coop-group'), ...read<DemoGroup>('cyou')], now())
  return { groups, imported }
}

function toEcosystem({ relatedHere = [], ...ecosystem }: DemoEcosystem, publicUrl: string | undefined): Ecosystem {
  if (!publicUrl || relatedHere.length === 0) return ecosystem
  const here = relatedHere.map((keyword) => urls.absolute(publicUrl, urls.ecosystem(keyword)))
  return { ...ecosystem, related: [...(ecosystem.related ?? []), ...here] }
}

async function saveDemoGroups(db: Db, entries: DemoGroup[], at: string): Promise<number> {
  const fresh: DemoGroup[] = []
  for (const entry of entries) if (!(await findGroupById(db, entry.id)) && !(await findTombstone(db, entry.id))) fresh.push(entry)
  await transaction(db, (tx) =>
    putGroups(
      tx,
      fresh.map((entry) => toPut(entry, at)),
      { at, via: 'demo', author: 'demo' },
    ),
  )
  const listings = fresh.flatMap(({ id, listedIn = [] }) => listedIn.map((keyword) => ({ keyword, group_id: id, state: 'accepted' as const, at })))
  if (listings.length > 0) await saveListings(db, listings)
  return fresh.length
}

function toPut({ id, checkedAgo, nextMeetingInDays, nextMeeting, group }: DemoGroup, at: string): Put {
  const meeting = nextMeetingInDays === undefined ? {} : { nextMeeting: { at: daysLater(at, nextMeetingInDays), ...nextMeeting } }
  const checked = checkGroup({ ...group, ...meeting })
  if (checked.faults.length > 0) throw new Error(`The sample group ${String(group.shortName)} is wrong at ${checked.faults[0]!.field}.`)
  const checkedAt = checkedAgo === undefined ? {} : monthsEarlier(at, checkedAgo)
  return { group: checked.group, stamp: { id, ...checkedAt } }
}

/** A group checked long ago has not changed since either. */
function monthsEarlier(at: string, months: number): { checked_at: string; updated_at: string; created_at: string } {
  const date = new Date(at)
  date.setUTCMonth(date.getUTCMonth() - months)
  return { checked_at: date.toISOString(), updated_at: date.toISOString(), created_at: date.toISOString() }
}

/** In the evening, whatever the time of loading. */
function daysLater(at: string, days: number): string {
  const date = new Date(at)
  date.setUTCDate(date.getUTCDate() + days)
  return `${date.toISOString().slice(0, 10)}T18:30:00.000Z`
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`content/${name}.json`, import.meta.url), 'utf8')) as T[]
}
