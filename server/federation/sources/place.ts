import type { FastifyRequest } from 'fastify'
import type { FollowedSourceRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { type Fault, notFound } from '../../errors.ts'
import type { Keeper } from '../follow/actions.ts'
import { findSource } from '../follow/queries.ts'

/** Whose sources: those that operators follow for all, or those of an ecosystem. */
export type Place = { Params: { keyword?: string; id: string } }

export const text = { type: 'string', maxLength: 20_000 } as const
export const fieldsSchema = {
  url: { type: 'string', maxLength: 2000 },
  trust: text,
  keywords: text,
  mapping: text,
  every: text,
  quota: text,
} as const
/** The source of the address; one of another ecosystem is not there. */
export async function getSource({ params: { id, keyword } }: FastifyRequest<Place>, { db }: Deps): Promise<FollowedSourceRow> {
  const source = await findSource(db, id)
  if (!source || (keyword !== undefined && source.keyword !== keyword)) throw notFound()
  return source
}

/** In whose name the page of a source speaks: operators' own pages are for all sources. */
export function keeperOf(keyword: string | undefined): Keeper {
  return keyword === undefined ? 'operators' : 'stewards'
}

/** What an ecosystem's stewards take is of their ecosystem. */
export function withOwnKeyword<T extends { keywords?: string[] | null }>(settings: T, keyword: string | undefined): T {
  return keyword === undefined || settings.keywords?.length ? settings : { ...settings, keywords: [keyword] }
}

/** What is wrong, in the reader's language: for the head of a form, and by field. */
export function tellFaults(request: FastifyRequest, faults: Fault[]) {
  const told = faults.map(({ field, message }) => ({ id: field || undefined, message: request.t(message.key, message.values) }))
  return { faults: told, wrong: Object.fromEntries(told.map(({ id, message }) => [id ?? '', message])) }
}
