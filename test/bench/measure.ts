import autocannon from 'autocannon'

export interface Figures {
  /** Milliseconds, one request at a time, of a server that has answered such requests for a while. */
  p50: number
  p95: number
  p99: number
  /** With eight connections. */
  perSecond: number
  /** Of one answer, compressed as a browser asks. */
  bytes: number
}

const headers = { 'accept-encoding': 'br, gzip', accept: 'text/html,*/*;q=0.8' }

/**
 * Asks as often as possible for `seconds`, then `count` times one by one. Throws if any answer is not a 200.
 * In this order because a new process answers its first thousand requests up to twice as slowly: V8 has yet to see what to compile.
 */
export async function measure(url: string, paths: string[], { count = 150, seconds = 2 } = {}): Promise<Figures> {
  const requests = paths.map((path) => ({ path }))
  await load({ url, requests, headers, amount: Math.max(20, paths.length * 2), connections: 1 })
  const many = await load({ url, requests, headers, duration: seconds, connections: 8 })
  const single = await load({ url, requests, headers, amount: count, connections: 1 })
  const times = single.times.toSorted((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    perSecond: many.requests.average,
    bytes: Math.round(single.throughput.total / single.requests.total),
  }
}

function load(options: autocannon.Options): Promise<autocannon.Result & { times: number[] }> {
  const times: number[] = []
  return new Promise((resolve, reject) => {
    const run = autocannon({ ...options, timeout: 20 }, (error: unknown, result) => {
      if (error) return reject(error)
      if (result.non2xx > 0 || result.errors > 0)
        return reject(new Error(`${options.url}: ${result.non2xx} answers were not 200, ${result.errors} failed.`))
      resolve({ ...result, times })
    })
    run.on('response', (_client, _status, _bytes, time) => times.push(time))
  })
}
