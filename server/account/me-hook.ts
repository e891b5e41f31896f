import type { FastifyInstance } from 'fastify'
import type { Db, Tx } from '../db/tables.ts'
import type { Message } from '../errors.ts'
import type { Person } from './rights.ts'

/** Something for somebody to look at, on their own page. */
export interface Notice {
  message: Message
  url: string
}

/** What a room has for this person. */
export type FindNotices = (person: Person) => Promise<Notice[]>

/** Whom something is kept for. */
export type Owner = Pick<Person, 'id' | 'address'>

/** What a room keeps of somebody beside their account. */
export interface Keeping {
  /** For their copy of it: JSON values by name. */
  gather: (db: Db, person: Person) => Promise<object>
  /** Forgets it, in the transaction that deletes the account. */
  erase: (tx: Tx, person: Person) => Promise<void>
  /** Hands on what is kept by address or by id, in the transaction that gives an account another address or the place of an empty one. */
  move?: (tx: Tx, from: Owner, to: Owner) => Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    noticeFinders: FindNotices[]
    keepings: Keeping[]
  }
}

/** Puts what a room finds on the signed-in person's page, in the order of registering. */
export function onMe(app: FastifyInstance, find: FindNotices): void {
  app.noticeFinders.push(find)
}

/** Says what a room keeps of people: it is in the file of their data, follows them to another address, and goes when they do. */
export function onLeaving(app: FastifyInstance, keeping: Keeping): void {
  app.keepings.push(keeping)
}
