import type { FastifyInstance } from 'fastify'

/** Once the server is closing, a connection ends with the answer under way; kept alive, it would hold the process for a minute. */
export function registerClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}
