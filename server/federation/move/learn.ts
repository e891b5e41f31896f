import type { FollowedSourceRow } from '../../db/tables.ts'
import { isBlocked } from '../../group/moved/queries.ts'
import { askRecord } from '../follow/ask.ts'
import { originOf } from '../follow/rules.ts'
import { isNewer, saveHeard, takeBack } from './actions.ts'
import { findOriginKey, type KeyDeps } from './keys.ts'
import { findForwarding, isFollowed } from './queries.ts'
import { type Claim, isSignedBy, readClaim } from './statement.ts'

export interface LearnDeps extends KeyDeps {
  config: { publicUrl: string }
}

/** What a visit heard of moves: statements, unchecked, and the changes of records that were told, with their times. */
export interface Heard {
  forwardings: Set<string>
  puts: { iri: string; at: string }[]
}

type Source = Pick<FollowedSourceRow, 'origin'>
/** Keys that nobody has and servers that are down: one visit asks once. */
type Asked = { keys: Set<string>; silent: Set<string> }

/** Statements that a record carries: about where it was kept before. */
export function forwardingsOf(record: unknown): string[] {
  const formerly = (record as { formerly?: unknown } | null)?.formerly
  const all = Array.isArray(formerly) ? formerly.slice(0, 10) : []
  return all.map((one) => (one as { forwarding?: unknown } | null)?.forwarding).filter((one) => typeof one === 'string')
}

/** Believes what can be believed of what a source said, and passes over the rest. */
export async function learnMoves(deps: LearnDeps, source: Source, heard: Heard): Promise<void> {
  const asked: Asked = { keys: new Set(), silent: new Set() }
  for (const statement of heard.forwardings) {
    const claim = readClaim(statement, deps.clock())
    if (claim && (await isNews(deps, source, claim)) && !asked.keys.has(claim.kid)) await learn(deps, source, { statement, claim }, asked)
  }
  if (heard.puts.length > 0) await takeBack(deps.db, heard.puts)
}

/** Of the old home or the new one, about a record that is not ours, from a server that is followed, and not known already. */
async function isNews({ db, config }: LearnDeps, { origin }: Source, { iss, sub, to, at }: Claim): Promise<boolean> {
  if (iss === originOf(config.publicUrl) || (origin !== iss && origin !== originOf(to))) return false
  const known = await findForwarding(db, sub)
  return (!known || (known.kind === 'heard' && isNewer(at, known))) && (await isFollowed(db, iss)) && !(await isBlocked(db, iss))
}

async function learn(deps: LearnDeps, source: Source, { statement, claim }: { statement: string; claim: Claim }, asked: Asked): Promise<void> {
  const key = await findOriginKey(deps, claim.iss, claim.kid)
  if (!key) asked.keys.add(claim.kid)
  if (!key || !(await isSignedBy(statement, key))) return
  if (source.origin !== claim.iss && (await isStillHome(deps, claim, asked))) return
  await saveHeard(deps.db, { claim, statement, key }, deps.clock())
}

/** The old home may have the record back: while it answers, it has the last word. */
async function isStillHome({ outbound }: LearnDeps, { iss, sub }: Claim, { silent }: Asked): Promise<boolean> {
  if (silent.has(iss)) return false
  const { kind } = await askRecord(outbound, sub)
  if (kind === 'failed') silent.add(iss)
  return kind === 'record'
}
