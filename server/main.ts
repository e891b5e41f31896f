import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Catalogue, createCatalogue } from './catalogue/catalogue.ts'
import { type Config, ConfigError, keepSecret } from './config.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import type { Db } from './db/tables.ts'
import type { Work, WorkDeps } from './jobs/work.ts'
import { outboxOf } from './mail/rules.ts'
import { makeDeps } from './make-deps.ts'
import type { Policy } from './net/address.ts'
import * as urls from './urls.ts'

/** Milliseconds that those who come first have for themselves. */
const pause = 1500

/** Serves until SIGTERM or SIGINT: then finishes the requests under way and closes the database. */
export async function serve(config: Config, policy?: Policy): Promise<void> {
  const db = openDatabase(config)
  await migrate(db)
  const catalogue = createCatalogue(config)
  const settings = { ...config, secret: config.secret ?? keepSecret(config.dataDir) }
  const deps = makeDeps({ config: settings, db, catalogue, clock: () => new Date(), policy })
  const app = await buildApp(deps)
  let work: Work | undefined
  app.addHook('onResponse', async ({ method }) => {
    // What was just written may have a mail to send.
    if (method !== 'GET' && method !== 'HEAD') work?.wake()
  })
  const address = await listen(app, config)
  const stopping = new AbortController()
  const { signal } = stopping
  const warn = (facts: object, text: string) => app.log.warn(facts, text)
  const keep = () => catalogue.keep(db).catch((err) => warn({ err }, 'the catalogue could not be kept for the next start'))
  const loading = load(catalogue, db, signal)
    .then(keep)
    // Whoever asks next tries again.
    .catch((err) => warn({ err }, 'the catalogue could not be loaded'))
  const working = setTimeout(pause, undefined, { signal }).then(
    () => startWork({ ...deps, random: Math.random, warn }),
    () => undefined,
  )
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, async () => {
      stopping.abort()
      await app.close()
      await (await working)?.stop()
      await loading
      await keep()
      await db.destroy()
    })
  }
  // Said last: from here on it can be ended in good order.
  process.stdout.write(`Archipel is at ${address}\n`)
  if (!config.smtpUrl)
    process.stdout.write(
      `SMTP_URL is not set: mails are written to ${outboxOf(config)}${config.demo ? `, and shown at ${address}${urls.outbox}` : ''}.\n`,
    )
  work = await working
  await loading
}

/** The groups at once, as a request that comes first waits for the same load; their words later: a search gathers them itself. */
async function load(catalogue: Catalogue, db: Db, signal: AbortSignal): Promise<void> {
  const state = await catalogue.current(db)
  await setTimeout(pause, undefined, { signal }).catch(() => {})
  if (!signal.aborted) await catalogue.find(db, state, [])
}

/** What speaks SMTP is loaded once the server listens. */
async function startWork(deps: WorkDeps): Promise<Work> {
  const { prepareWork } = await import('./jobs/work.ts')
  const work = prepareWork(deps)
  work.start()
  return work
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new ConfigError(`Port ${port} is taken on ${host}; choose another, for instance PORT=${port + 1} npm start.`)
    if (['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(code)))
      throw new ConfigError(`Archipel may not listen on ${host}, port ${port}; choose others with HOST and PORT.`)
    throw error
  }
}
