import type { LookupFunction } from 'node:net'
import type { buildConnector } from 'undici'
import { isReachable, isSameAddress, type Policy, portOf, toLiteral } from './address.ts'
import { Failure, toConnectFailure } from './outcome.ts'
import type { Resolve } from './resolve.ts'

export interface ConnectOptions {
  policy: Policy
  resolve: Resolve
  /** Milliseconds, for the look-up and again for the connection. */
  timeout: number
  /** Trusted in place of the system's certificates. */
  ca?: string
}

/** Opens sockets to checked addresses only: a name is looked up once, all it stands for must be reachable, and nothing else is dialled. */
export function guardConnect(build: typeof buildConnector, options: ConnectOptions): buildConnector.connector {
  return (target, callback) => {
    checkAddresses(target, options).then(
      (addresses) => dial(build, target, addresses, options, callback),
      (error) => callback(toConnectFailure(error, target.protocol), null),
    )
  }
}

async function checkAddresses(target: buildConnector.Options, { resolve, policy, timeout }: ConnectOptions): Promise<string[]> {
  const literal = toLiteral(target.hostname)
  const addresses = literal === undefined ? await within(timeout, resolve(target.hostname)) : [literal]
  if (addresses.length === 0) throw new Failure('dns')
  if (!addresses.every((address) => isReachable(address, portOf(target), policy))) throw new Failure('refused-address')
  return addresses
}

function dial(
  build: typeof buildConnector,
  target: buildConnector.Options,
  addresses: string[],
  { timeout, ca }: ConnectOptions,
  callback: buildConnector.Callback,
): void {
  // Without sessions kept and without HTTP/2: one connection, one name, one checked address. Certificates are checked whatever the environment says.
  const connect = build({
    timeout,
    lookup: lookupAmong(addresses),
    autoSelectFamily: true,
    allowH2: false,
    maxCachedSessions: 0,
    rejectUnauthorized: true,
    ca,
  })
  connect(target, (error, socket) => {
    if (error) return callback(toConnectFailure(error, target.protocol), null)
    if (addresses.some((address) => isSameAddress(address, socket?.remoteAddress ?? ''))) return callback(null, socket!)
    socket?.destroy()
    callback(new Failure('refused-address'), null)
  })
}

function lookupAmong(addresses: string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return (_hostname, { all }, callback) => (all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family))
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Failure('timeout')), milliseconds).unref()
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
