import type { GroupRow } from '../../../server/db/tables.ts'
import { createGroup } from '../../../server/group/actions.ts'
import { signInAs, type Who } from '../../people.ts'
import { rade } from '../../world.ts'
import { by, type Peer, type Time } from '../follow/servers.ts'

/** The short name of the group that moves, on either server: the people of the tests keep it. */
export const name = 'jardin-de-la-rade'

export interface Said {
  status: number
  location: string | null
  body: string
  type: string
}

/** Asks a server as a browser without JavaScript does; with `fields`, sends a form. */
export async function ask(peer: Peer, url: string, { who, fields, accept = 'text/html' }: Asked = {}): Promise<Said> {
  const cookie = who && (await signInAs(undefined as never, peer.db, who))
  const response = await fetch(`http://127.0.0.1:${peer.port}${url}`, {
    method: fields ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { accept, 'accept-language': 'en', ...(cookie ? { cookie } : {}) },
    ...(fields ? { body: new URLSearchParams(fields) } : {}),
  })
  const { status, headers } = response
  return {
    status,
    location: headers.get('location'),
    body: (await response.text()).replaceAll('&#x3D;', '='),
    type: headers.get('content-type') ?? '',
  }
}

export interface Asked {
  who?: Who
  fields?: Record<string, string>
  accept?: string
}

/** The group as it is kept by a server, and its identity there. */
export async function plant(peer: Peer, time: Time, facts: object = {}): Promise<GroupRow & { iri: string }> {
  const row = await createGroup(peer.db, { ...rade, ...facts }, by(time))
  return { ...row, iri: `${peer.origin}/id/${row.id}` }
}

/** Goes through both steps of leaving `a` for the record at `to`. */
export async function leave(a: Peer, to: { iri: string }, shortName = name): Promise<Said> {
  const url = `/g/${shortName}/move`
  return await ask(a, url, { who: 'animator', fields: { address: to.iri, to: to.iri } })
}

export async function arrive(b: Peer, from: { iri: string }, who: Who = 'animator'): Promise<Said> {
  return await ask(b, `/g/${name}/arrival`, { who, fields: { from: from.iri } })
}

/** The statement that a server left for a record. */
export async function statementOf(peer: Peer, from: { iri: string }): Promise<string> {
  const said = await ask(peer, new URL(from.iri).pathname, { accept: 'application/json' })
  return JSON.parse(said.body).forwarding
}

export function forwardings(peer: Peer) {
  return peer.db.selectFrom('forwarding').selectAll().orderBy('from_iri').execute()
}

/** What the first page of its feed tells. */
export async function readMembers(peer: Peer): Promise<Record<string, unknown>[]> {
  const page = JSON.parse((await ask(peer, '/changes?page=1')).body)
  return page['@graph'][0].member
}
