import type { FollowedSourceRow } from '../../db/tables.ts'
import { isBlocked } from '../../group/moved/queries.ts'
import { originOf } from '../copies/rules.ts'
import { askRecord, inTime } from '../follow/ask.ts'
import { isNews, saveHeard, takeBack } from './actions.ts'
import type { PublicKey } from './key.ts'
import { findOriginKey, type KeyDeps, rememberKeys } from './keys.ts'
import { findForwarding, isFollowed } from './queries.ts'
import { type Claim, isSignedBy, readClaim } from './statement.ts'

export interface LearnDeps extends KeyDeps {
  config: { publicUrl: string }
}

/** What a visit heard of moves: statements, unchecked, and when records were at home: as their homes told, or gave them. */
export interface Heard {
  forwardings: Set<string>
  puts: { iri: string; at: string }[]
}

type Source = Pick<FollowedSourceRow, 'origin'>
/** Servers that were asked for their keys, and servers that are down: one visit asks each once. */
type Asked = { keys: Set<string>; silent: Set<string> }

/** Believes what can be believed of what a source said, and passes over the rest; also over what there was no time for, if the client has an end. */
export async function learnMoves(deps: LearnDeps, source: Source, heard: Heard): Promise<void> {
  await inTime(learnAll(deps, source, heard.forwardings))
  if (heard.puts.length > 0) await takeBack(deps.db, heard.puts, deps.clock())
}

async function learnAll(deps: LearnDeps, source: Source, statements: Set<string>): Promise<void> {
  const asked: Asked = { keys: new Set(), silent: new Set() }
  for (const statement of statements) {
    const claim = readClaim(statement, deps.clock())
    if (claim && (await isWanted(deps, source, claim))) await learn(deps, source, { statement, claim }, asked)
  }
}

/** Of the old home or the new one, about a record that is not ours, from a server that is followed, and not known already. */
async function isWanted({ db, config }: LearnDeps, { origin }: Source, { iss, sub, to, at }: Claim): Promise<boolean> {
  if (iss === originOf(config.publicUrl) || (origin !== iss && origin !== originOf(to))) return false
  const known = await findForwarding(db, sub)
  return isNews(at, known) && (await isFollowed(db, iss)) && !(await isBlocked(db, iss))
}

async function learn(deps: LearnDeps, source: Source, { statement, claim }: { statement: string; claim: Claim }, asked: Asked): Promise<void> {
  const key = await findKeyOnce(deps, claim, asked)
  if (!key || !(await isSignedBy(statement, key))) return
  if (source.origin !== claim.iss && (await isStillHome(deps, claim, asked))) return
  await saveHeard(deps.db, { claim, statement, key }, deps.clock())
}

/** The key that a statement names: remembered, or asked for, however many keys the statements of one server name. */
async function findKeyOnce(deps: LearnDeps, { iss, kid }: Claim, { keys }: Asked): Promise<PublicKey | undefined> {
  const known = await findOriginKey(deps.db, iss, kid)
  if (known || keys.has(iss)) return known
  keys.add(iss)
  await rememberKeys(deps, iss)
  return findOriginKey(deps.db, iss, kid)
}

/** The old home may have the record back: while it answers, it has the last word. */
async function isStillHome({ outbound }: LearnDeps, { iss, sub }: Claim, { silent }: Asked): Promise<boolean> {
  if (silent.has(iss)) return false
  const { kind } = await askRecord(outbound, sub)
  if (kind === 'failed') silent.add(iss)
  return kind === 'record'
}
