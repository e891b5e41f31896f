import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'
import { toFields } from '../text/fields.ts'

/** More than the longest form has. */
const mostFields = 4000

/** Reads what HTML forms send. A field sent once is text, several times a list; schemas say which is right. */
export function registerForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: unknown, body: string) => {
    const sent = new URLSearchParams(body)
    if (sent.size > mostFields) throw new AppError('tooLarge')
    return toFields(sent)
  })
}
