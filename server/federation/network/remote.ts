import type { Db, FollowedSourceRow } from '../../db/tables.ts'
import type { Outbound } from '../../net/outbound.ts'
import * as urls from '../../urls.ts'
import { rememberKeys } from '../move/keys.ts'
import { saveEcosystems } from './actions.ts'
import { listSourcesToAsk, postponeAsking } from './queries.ts'
import { readEcosystemList } from './rules.ts'

export interface RemoteDeps {
  db: Db
  outbound: Outbound
  clock: () => Date
}

const hour = 3600_000
const rhythm = 24 * hour
/** After a failure. */
const patience = 6 * hour
const most = 2 ** 20 * 4

/**
 * Asks the server of a source which ecosystems it has and whom they name; says how that ended. A server without such a list has none;
 * one that does not answer keeps what it said before.
 */
export async function readRemoteEcosystems({ db, outbound, clock }: RemoteDeps, source: FollowedSourceRow): Promise<string> {
  const now = clock()
  const next = (wait: number) => new Date(now.getTime() + wait).toISOString()
  const address = urls.absolute(source.origin, urls.twin(urls.ecosystems, 'json'))
  const outcome = await outbound.fetch(address, { accept: 'application/json', maxBytes: most })
  const isHome = URL.parse(outcome.url)?.origin === source.origin
  const isNone = outcome.name === 'http-error' && isHome && (outcome.status === 404 || outcome.status === 410)
  const keywords: string[] | null = source.keywords ? JSON.parse(source.keywords) : null
  const told = isNone ? [] : outcome.name === 'ok' && isHome ? readEcosystemList(parse(outcome.body), source.origin, keywords) : undefined
  if (told) await saveEcosystems(db, source.id, told, now.toISOString(), next(rhythm))
  // We were told to stop: the server did nothing wrong.
  else if (outcome.name !== 'aborted') await postponeAsking(db, source.id, next(patience))
  return told ? 'ok' : outcome.name === 'ok' ? 'not-a-list' : outcome.name
}

/** Asks the servers that answered a visit and were not asked for a day, for their keys too; gives how many sources. */
export async function readDueEcosystems(deps: RemoteDeps): Promise<number> {
  const sources = await listSourcesToAsk(deps.db, deps.clock().toISOString(), 20)
  const origins = new Set<string>()
  for (const source of sources) {
    const outcome = await readRemoteEcosystems(deps, source)
    if (outcome === 'aborted') break
    if (outcome === 'ok') origins.add(source.origin)
  }
  for (const origin of origins) await rememberKeys(deps, origin)
  return sources.length
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
