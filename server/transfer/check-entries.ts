import type { Db } from '../db/tables.ts'
import { findEcosystem } from '../ecosystem/queries.ts'
import type { Fault } from '../errors.ts'
import { toFaults, validatorFor } from '../schema.ts'
import type { Ecosystem, Group } from '../schema-types.ts'
import type { Planned } from './actions.ts'
import { type Draft, toDraft } from './check-draft.ts'
import type { FileReport } from './file-report.ts'
import type { Entry } from './format/read.ts'
import type { FileImport } from './import-file.ts'
import { type Compare, comparing } from './likenesses.ts'
import { findMatches, type Match } from './match.ts'
import { missingPictures } from './pictures.ts'
import { type Plan, planRecord } from './plan.ts'
import { toRefusals } from './report.ts'

/** The checking of one file, batch after batch. */
export interface Checks {
  db: Db
  input: Pick<FileImport, 'publicUrl' | 't' | 'private' | 'from' | 'pictures'>
  report: FileReport
  /** The line on which each id, short name and group was first met. */
  seen: Map<string, number>
  compare: Compare
  /** Those to be registered. */
  ecosystems: Ecosystem[]
}

export function startChecks(db: Db, input: Checks['input'], report: FileReport): Checks {
  return { db, input, report, seen: new Map(), compare: comparing(db, report), ecosystems: [] }
}

/** What is to be written of these entries; all the rest goes into the report. */
export async function checkEntries(checks: Checks, entries: Entry[]): Promise<Planned[]> {
  const { db, input, report } = checks
  const drafts: Draft[] = []
  for (const entry of entries) {
    const ecosystem = ecosystemOf(entry.value)
    if (ecosystem === undefined) drafts.push(toDraft(entry, input.publicUrl, input.from))
    else await checkEcosystem(checks, entry.line, ecosystem)
  }
  if (!input.private) for (const draft of drafts) setPrivateAside(report, draft)
  const matches = await findMatches(db, drafts)
  const planned: Planned[] = []
  for (const [at, draft] of drafts.entries()) {
    report.read++
    report.spoilt.push(...toRefusals(draft.line, draft.spoilt, input.t))
    const again = findAgain(checks, draft, matches[at]!)
    planned.push(...(await take(checks, draft, again ? { kind: 'refuse', faults: [again] } : planRecord(draft, matches[at]!))))
  }
  return planned
}

async function take(checks: Checks, { line, facts }: Draft, plan: Plan): Promise<Planned[]> {
  const { report } = checks
  if (plan.kind === 'refuse') refuse(checks, line, plan.faults)
  if (plan.kind === 'same') report.unchanged++
  if (plan.kind === 'keep') report.kept.push({ shortName: plan.shortName, why: plan.why })
  if (plan.kind === 'change') {
    report.changed.push(plan.group.shortName)
    await notePictures(checks, line, plan.group)
    return [{ group: plan.group, stamp: plan.stamp, before: { id: plan.row.id, revision: plan.row.revision } }]
  }
  if (plan.kind !== 'add') return []
  report.added.push(plan.group.shortName)
  await notePictures(checks, line, plan.group)
  await checks.compare(plan.group, { line })
  return [{ group: plan.group, stamp: plan.stamp, private: { formerNames: facts.formerNames, listings: facts.listings } }]
}

/** A file that says two things of one group is wrong on the second line. */
function findAgain({ seen }: Checks, { line, group, facts, faults }: Draft, { row }: Match): Fault | undefined {
  if (faults.length > 0) return undefined
  const { id, origin } = facts
  const keys = [`id ${id ?? row?.id}`, `id ${row?.id ?? id}`, `name ${group.shortName}`]
  if (origin && 'source' in origin) keys.push(`source ${origin.source}\0${origin.sourceId}`)
  for (const key of keys) {
    const first = seen.get(key)
    if (first !== undefined && !key.endsWith(' undefined')) return { field: key.split(' ')[0] === 'name' ? 'shortName' : 'id', message: again(first) }
  }
  for (const key of keys) seen.set(key, line)
  return undefined
}

function again(line: number): Fault['message'] {
  return { key: 'error.field.again', values: { line } }
}

function refuse({ report, input: { t } }: Checks, line: number, faults: Fault[]): void {
  report.refused++
  report.refusals.push(...toRefusals(line, faults, t))
}

async function notePictures({ input, report }: Checks, line: number, group: Group): Promise<void> {
  report.missingPictures.push(...(await missingPictures(group, input.pictures)).map((url) => ({ line, shortName: group.shortName, url })))
}

const validateEcosystem = validatorFor('/schemas/ecosystem.json')

/** What a line of a private export says of an ecosystem. */
export function ecosystemOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ecosystem' in value && !('shortName' in value) ? value.ecosystem : undefined
}

/** An ecosystem that is registered here belongs to its stewards: it stays as it is. */
async function checkEcosystem(checks: Checks, line: number, value: unknown): Promise<void> {
  const { db, input, report, ecosystems } = checks
  if (!input.private) {
    report.setAside++
    return
  }
  const faults = toFaults(validateEcosystem(value))
  if (faults.length > 0) return refuse(checks, line, faults)
  const ecosystem = value as Ecosystem
  if ((await findEcosystem(db, ecosystem.keyword)) || ecosystems.some(({ keyword }) => keyword === ecosystem.keyword)) return
  ecosystems.push(ecosystem)
  report.ecosystems.push(ecosystem.keyword)
}

function setPrivateAside(report: FileReport, { facts }: Draft): void {
  if (facts.claimedAt || facts.formerNames || facts.listings) report.setAside++
  for (const name of ['claimedAt', 'formerNames', 'listings'] as const) delete facts[name]
}
