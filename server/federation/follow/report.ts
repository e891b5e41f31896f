import type { Db } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import type { Random } from '../../text/random.ts'
import type { Counts } from './rules.ts'
import type { Step } from './steps.ts'

export interface FollowDeps {
  db: Db
  outbound: Outbound
  clock: () => Date
  random: Random
  config: { publicUrl: string }
  warn: (facts: object, text: string) => void
}

/** What a visit brought, or would have: addresses of records, a thousand of a kind at most. `paused`: nothing was applied, and why. */
export interface PullReport {
  source: string
  outcome: string
  paused?: string
  counts: Record<Kind, number>
  added: Named[]
  changed: Named[]
  gone: string[]
  refused: { iri: string; reason: string }[]
}

export type Named = { iri: string; name: string; shortName: string; homes: { service: string; url: string }[] }
type Kind = 'seen' | 'added' | 'changed' | 'gone' | 'refused'

export const mostTold = 1000

export function noReport(source: string): PullReport {
  const counts = { seen: 0, added: 0, changed: 0, gone: 0, refused: 0 }
  return { source, outcome: 'ok', counts, added: [], changed: [], gone: [], refused: [] }
}

/** Counts and tells a step. `isKnown`: the record was here before. */
export function count(report: PullReport, counts: Counts, step: Step, isKnown: boolean): void {
  const tell = <T>(kind: Kind, list: T[], one: T) => {
    report.counts[kind]++
    if (list.length < mostTold) list.push(one)
  }
  if (step.kind === 'put') {
    counts[isKnown ? 'changed' : 'fresh']++
    const { name, shortName, links = [] } = step.group
    const kind = isKnown ? 'changed' : 'added'
    tell(kind, report[kind], { iri: step.iri, name, shortName, homes: links.filter(({ service }) => service === 'home') })
  } else if (step.kind === 'gone') {
    counts.gone++
    tell('gone', report.gone, step.iri)
  } else if (step.kind === 'refused' || step.kind === 'failed') tell('refused', report.refused, { iri: step.iri, reason: step.reason })
}
