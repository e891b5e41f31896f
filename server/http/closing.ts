import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'

/** Once the server is closing, a connection ends with the answer under way; kept alive, it would hold the process for a minute. So would those we opened. */
export function registerClosing(app: FastifyInstance, { outbound }: Deps): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
  app.addHook('onClose', () => outbound.close())
}
