import { Resolver } from 'node:dns/promises'
import { Failure } from './outcome.ts'

/** The addresses of a name, at least one. Throws `Failure('dns')`. */
export type Resolve = (hostname: string) => Promise<string[]>

/** Asks the name servers themselves: the system's resolver also knows its hosts file, and a slow name would hold one of its four threads. */
export function createResolve({ servers, timeout = 2000 }: { servers?: string[]; timeout?: number } = {}): Resolve {
  const resolver = new Resolver({ timeout, tries: 2 })
  if (servers) resolver.setServers(servers)
  return async (hostname) => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (addresses.length === 0) throw new Failure('dns', (answers[0] as PromiseRejectedResult).reason)
    return addresses
  }
}
