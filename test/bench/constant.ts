// The limit to compare with: the same Fastify sending a buffer of the size asked for (/?size=N), and nothing else.
import fastify from 'fastify'

const app = fastify()
const bodies = new Map<number, Buffer>()

app.get<{ Querystring: { size: string } }>('/', (request, reply) => {
  const size = Number(request.query.size)
  const body = bodies.get(size) ?? Buffer.alloc(size, 'x')
  bodies.set(size, body)
  return reply.type('text/html').send(body)
})

process.once('SIGTERM', () => app.close())
process.stdout.write(`ready at ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
