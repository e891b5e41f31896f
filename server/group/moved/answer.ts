import type { FastifyReply } from 'fastify'
import type { ForwardingRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { type AppError, gone } from '../../errors.ts'
import { preferredType } from '../../http/accept.ts'
import * as urls from '../../urls.ts'
import { findGroupById } from '../queries.ts'
import { findCopyId, findForwarding, isBlocked } from './queries.ts'

/** Where the reader of a deleted group is led: to the group's address here by its short name, on this page or on another. */
export interface Ways {
  here: (name: string) => string
  /** What was asked for is the group's page, for people. */
  isPage: boolean
}

/** Moves are followed so often: a circle of them leads nowhere. */
const mostMoves = 5

/** Leads to where a group is now that is no longer here under this id; throws that it is gone, and where to, if there is nothing to lead to. */
export async function answerDeleted(deps: Deps, reply: FastifyReply, id: string, { here, isPage }: Ways): Promise<undefined> {
  const { move, current } = await followMoves(deps, id)
  if (current) {
    reply.header('cache-control', 'no-cache').redirect(here(current), 308)
    return undefined
  }
  const isRead = isPage && preferredType(reply.request.headers.accept, ['text/html', 'application/json', 'application/ld+json']) === 'text/html'
  if (move?.kind !== 'left' || !isRead) throw toGone(move)
  // For a month it may come back: nobody should remember it for longer.
  reply.header('cache-control', 'no-cache').redirect(new URL(move.to_url).href, 308)
  return undefined
}

/** The last move that is known, and the short name of the group here where it ended. */
async function followMoves({ db, config }: Deps, id: string): Promise<{ move?: ForwardingRow; current?: string }> {
  let move: ForwardingRow | undefined
  let at: string | undefined = id
  for (let moves = 0; at !== undefined && moves < mostMoves; moves++) {
    const next = await findForwarding(db, at)
    if (!next) break
    // Nothing of a blocked server is shown, nor where it is.
    if (next.kind !== 'left' && (await isBlocked(db, new URL(next.to_iri).origin))) return {}
    move = next
    // What was kept here is read at its new home, not in our copy of it.
    if (next.kind === 'left') break
    const own = urls.absolute(config.publicUrl, urls.identity(''))
    at = next.to_iri.startsWith(own) ? next.to_iri.slice(own.length) : await findCopyId(db, next.to_iri)
    const row = at === undefined ? undefined : await findGroupById(db, at)
    if (row) return { move, current: row.short_name }
  }
  return { move }
}

function toGone(move: ForwardingRow | undefined): AppError {
  if (!move) return gone({ key: 'error.groupDeleted' })
  const { host, href } = new URL(move.to_url)
  const suggestions = [{ label: host, url: href }]
  const extension = { movedTo: move.to_iri, forwarding: move.statement }
  return gone({ key: 'error.groupMoved', values: { host } }, { suggestions, extension })
}
