import { join } from 'node:path'
import { buildApp } from './app.ts'
import { createCatalogue } from './catalogue/catalogue.ts'
import { type Config, ConfigError, keepSecret } from './config.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { loadAssets } from './http/assets.ts'
import { loadViews } from './http/views.ts'
import { loadTranslations } from './text/translate.ts'

const root = join(import.meta.dirname, '..')

/** Serves until SIGTERM or SIGINT: then finishes the requests under way and closes the database. */
export async function serve(config: Config): Promise<void> {
  const db = openDatabase(config)
  await migrate(db)
  const translations = loadTranslations(join(root, 'views/locale'))
  const assets = loadAssets(join(root, 'static'))
  const views = loadViews({ dir: join(root, 'views'), translations, asset: assets.url })
  const catalogue = createCatalogue()
  const settings = { ...config, secret: config.secret ?? keepSecret(config.dataDir) }
  const app = await buildApp({ config: settings, db, catalogue, clock: () => new Date(), translations, assets, views })
  const address = await listen(app, config)
  process.stdout.write(`Archipel is at ${address}\n`)
  // Loaded before anybody asks; a request that comes first waits for the same load.
  const loading = catalogue.current(db)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await app.close()
      await loading
      await db.destroy()
    })
  }
  await loading
}

async function listen(app: Awaited<ReturnType<typeof buildApp>>, { host, port }: Config): Promise<string> {
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
