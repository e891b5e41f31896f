import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { createCatalogue } from './catalogue/catalogue.ts'
import { keptFile } from './catalogue/kept.ts'
import { type Config, ConfigError, keepSecret } from './config.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { makeDeps } from './make-deps.ts'

/** Serves until SIGTERM or SIGINT: then finishes the requests under way and closes the database. */
export async function serve(config: Config): Promise<void> {
  const db = openDatabase(config)
  await migrate(db)
  const catalogue = createCatalogue({ file: keptFile(config.dataDir) })
  const settings = { ...config, secret: config.secret ?? keepSecret(config.dataDir) }
  const app = await buildApp(makeDeps({ config: settings, db, catalogue, clock: () => new Date() }))
  const address = await listen(app, config)
  process.stdout.write(`Archipel is at ${address}\n`)
  // Loaded before anybody asks; a request that comes first waits for the same load.
  const loading = catalogue.current(db)
  const keepQuietly = () =>
    catalogue.keep(db).catch((error: unknown) => app.log.warn({ err: error }, 'the catalogue could not be kept for the next start'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await app.close()
      await loading
      await keepQuietly()
      await db.destroy()
    })
  }
  await loading
  await keepQuietly()
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
