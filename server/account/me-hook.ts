import type { FastifyInstance } from 'fastify'
import type { Message } from '../errors.ts'
import type { Person } from './rights.ts'

/** Something for somebody to look at, on their own page. */
export interface Notice {
  message: Message
  url: string
}

/** What a room has for this person. */
export type FindNotices = (person: Person) => Promise<Notice[]>

declare module 'fastify' {
  interface FastifyInstance {
    noticeFinders: FindNotices[]
  }
}

/** Puts what a room finds on the signed-in person's page, in the order of registering. */
export function onMe(app: FastifyInstance, find: FindNotices): void {
  app.noticeFinders.push(find)
}
