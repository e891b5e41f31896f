import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { createOutbound, type Outbound, type OutboundOptions } from '../../server/net/outbound.ts'
import { now, publicUrl } from '../helper.ts'

const fixtures = join(import.meta.dirname, '../fixtures/net')
/** Of `peer.example` and `other.example`, signed by itself. */
export const certificate = readFileSync(join(fixtures, 'peer.crt'), 'utf8')
const key = readFileSync(join(fixtures, 'peer.key'), 'utf8')

/** A client that may go to these ports of 127.0.0.1 and nowhere else; every name leads there. Nothing is paced. */
export function makeOutbound(t: Test, ports: number[], { limits, ...options }: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({
    publicUrl,
    clock: () => new Date(now),
    policy: { ports, allow: (address, port) => address === '127.0.0.1' && ports.includes(port) },
    resolve: async () => ['127.0.0.1'],
    limits: { pace: 0, ...limits },
    ...options,
  })
  t.teardown(() => outbound.close())
  return outbound
}

/** The port of a server on loopback that ends with the test. */
export function serve(t: Test, answer: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  return open(t, createServer(answer), host, port)
}

export function serveTls(t: Test, answer: RequestListener): Promise<number> {
  return open(t, createTlsServer({ key, cert: certificate }, answer))
}

/** One that speaks raw TCP. */
export function serveTcp(t: Test, talk: (socket: Socket) => void): Promise<number> {
  return open(t, createTcpServer(talk))
}

async function open(t: Test, server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  })
  server.listen(port, host)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}
