import type { FastifyInstance } from 'fastify'

/** Reads what HTML forms send. A field sent once is text, several times a list; schemas say which is right. */
export function registerForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: unknown, body: string) => {
    const fields = new URLSearchParams(body)
    return Object.fromEntries(
      [...new Set(fields.keys())].map((name) => [name, fields.getAll(name).length > 1 ? fields.getAll(name) : fields.get(name)]),
    )
  })
}
