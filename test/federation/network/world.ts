import type { Db, FollowedSourceRow } from '../../../server/db/tables.ts'
import { saveEcosystem } from '../../../server/ecosystem/actions.ts'
import { saveEcosystems } from '../../../server/federation/network/actions.ts'
import type { ToldEcosystem } from '../../../server/federation/network/rules.ts'
import { createGroup } from '../../../server/group/actions.ts'
import type { Ecosystem } from '../../../server/schema-types.ts'
import { now } from '../../helper.ts'
import { group } from '../../world.ts'

/** An open ecosystem that names these. */
export function ecosystem(keyword: string, related: string[] = [], facts: Partial<Ecosystem> = {}): Ecosystem {
  return { keyword, title: keyword, policy: 'open', languages: ['fr'], ...(related.length > 0 ? { related } : {}), ...facts }
}

export async function addEcosystem(db: Db, ...args: Parameters<typeof ecosystem>): Promise<void> {
  await saveEcosystem(db, ecosystem(...args), now)
}

/** A group that carries these keywords. */
export async function addGroup(db: Db, shortName: string, keywords: string[]): Promise<string> {
  const { id } = await createGroup(db, carrying(shortName, keywords), { at: now, via: 'command' })
  return id
}

export function carrying(shortName: string, keywords: string[]) {
  return group({ shortName, keywords: keywords.map((slug) => ({ slug, label: slug })) })
}

/** What the server of a source says of its ecosystems. */
export async function tell(db: Db, source: FollowedSourceRow, told: (Partial<ToldEcosystem> & { keyword: string })[], seenAt = now): Promise<void> {
  const whole = told.map((one): ToldEcosystem => ({ title: one.keyword, language: null, groupCount: 1, related: [], ...one }))
  await saveEcosystems(db, source.id, whole, seenAt, seenAt)
}
