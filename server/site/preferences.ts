import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { preferenceCookie } from '../http/language.ts'
import { onThisSite } from '../http/page-frame.ts'
import * as urls from '../urls.ts'

const bodySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['theme'],
  properties: { theme: { type: 'string', enum: ['auto', 'light', 'dark'] }, back: { type: 'string', maxLength: 40000 } },
} as const

/** The theme switch: remembers the choice in a cookie that says nothing else, and goes back to the page. */
export function registerPreferences(app: FastifyInstance, { config }: Pick<Deps, 'config'>): void {
  app.post<{ Body: { theme: 'auto' | 'light' | 'dark'; back?: string } }>(
    urls.preferences,
    { config: { right: 'anyone' }, schema: { body: bodySchema } },
    async (request, reply) => {
      const { theme, back } = request.body
      return reply
        .header('set-cookie', preferenceCookie('theme', theme === 'auto' ? '' : theme, config))
        .redirect(onThisSite(back, config.publicUrl, urls.home), 303)
    },
  )
}
