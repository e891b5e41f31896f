import type { FastifyInstance } from 'fastify'
import { onLeaving, onMe } from '../account/me-hook.ts'
import type { Deps } from '../deps.ts'
import * as urls from '../urls.ts'
import { registerLetterPage } from './letter-page.ts'
import { deleteLettersFrom, listLettersFrom, listOpenLetters, moveLetters } from './queries.ts'
import { registerWritePage } from './write-page.ts'

const mostNoticed = 5

/** The relay between visitors and a group's animators. */
export function registerContactPages(app: FastifyInstance, deps: Deps): void {
  registerWritePage(app, deps)
  registerLetterPage(app, deps)
  onMe(app, async ({ animates }) => {
    const letters = await listOpenLetters(deps.db, [...animates].slice(0, 500), mostNoticed)
    return letters.map(({ id, name, group, shortName }) => ({
      message: { key: 'contact.notice', values: { name, group } },
      url: urls.groupLetter(shortName, id),
    }))
  })
  onLeaving(app, {
    gather: async (db, { address }) => ({ letters: await listLettersFrom(db, address) }),
    erase: (tx, { address }) => deleteLettersFrom(tx, address),
    move: (tx, from, to) => moveLetters(tx, from.address, to.address),
  })
}
