import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Test } from 'tap'
import type { Limits } from '../../../server/net/outbound.ts'
import type { EngineConfig } from '../../engines.ts'
import { now, openDb } from '../../helper.ts'
import { type Listener, listen, type Peer, startPeer, startTime, type Time } from './servers.ts'

/** What is answered at a path: a function answers itself, or gives what is answered; what is undefined is not there. */
export type Pages = Record<string, unknown>

/** One of our servers, and a listener that answers what is in `pages`, with an `ETag` where `isTagged`. */
export interface Reading {
  here: Peer
  peer: Listener
  pages: Pages
  time: Time
}

export async function startReading(
  t: Test,
  open: () => Promise<EngineConfig>,
  { isTagged = false, limits }: { isTagged?: boolean; limits?: Partial<Limits> } = {},
): Promise<Reading> {
  const time = startTime()
  const pages: Pages = {}
  const peer = await listen(t, 'there', (request, response) => answer(pages, request, response, isTagged))
  const listener = await listen(t, 'here')
  return { here: await startPeer(t, listener, await openDb(t, await open()), [listener.port, peer.port], time, limits), peer, pages, time }
}

function answer(pages: Pages, request: IncomingMessage, response: ServerResponse, isTagged: boolean): void {
  const page = pages[request.url!.replace(/\?.*/, '')]
  const value = typeof page === 'function' ? page(request, response) : page
  if (response.headersSent) return
  if (value === undefined) return void response.writeHead(404).end()
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A mark of ours: as long as what is answered is the same.
  const etag = `"${text.length}-${[...text].reduce((sum, letter, at) => (sum + letter.charCodeAt(0) * (at + 1)) % 1e9, 0)}"`
  const type = request.url!.includes('.csv') ? 'text/csv' : 'application/json'
  if (isTagged && request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
  response.writeHead(200, { 'content-type': type, ...(isTagged ? { etag } : {}) }).end(text)
}

/** A record as servers of our kind give it. */
export function record(origin: string, id: string, facts: object = {}): object {
  return {
    ...{ id, iri: `${origin}/id/${id}`, url: `${origin}/g/${id}`, name: id, summary: 'A group.', type: 'thematic', shortName: id },
    ...{ ecosystems: [], origin: { server: origin }, createdAt: now, updatedAt: now, revision: 1 },
    ...facts,
  }
}

export function member(origin: string, id: string, facts: object = {}): object {
  return {
    ...{ id: `${origin}/changes/${id}`, type: 'Create', published: '2026-11-20T00:00:00Z', object: `${origin}/id/${id}`, version: 'v1' },
    ...facts,
  }
}

export function feedOf(origin: string, member: unknown[], relation: unknown[] = [], path = '/changes'): object {
  return {
    '@graph': [
      { id: `${origin}${path}#stream`, type: 'EventStream', member },
      { id: `${origin}${path}`, type: 'Node', relation },
    ],
  }
}

export function profile(name: string, facts: object = {}): object {
  return { linked_schemas: ['organizations_schema-v1.0.0'], name, primary_url: 'https://garden.example/', ...facts }
}

export function features(...properties: object[]): object {
  const geometry = { type: 'Point', coordinates: [2, 47] }
  return { type: 'FeatureCollection', features: properties.map((one) => ({ type: 'Feature', geometry, properties: one })) }
}
