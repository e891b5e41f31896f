import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { addOperatorCommands } from './account/commands.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import type { Db } from './db/tables.ts'
import { addFollowCommands } from './federation/follow/commands.ts'
import type { Policy } from './net/address.ts'
import { loadTranslations, type Translate, translator } from './text/translate.ts'
import { addExport, addImport } from './transfer/commands.ts'

/** A command that cannot do what it was asked; the message is one sentence for the person at the terminal. */
class CommandError extends Error {}

/**
 * Runs a command of the product. Errors people can act on are one sentence; the exit status says that something was wrong. With a `policy`, which
 * tests alone give, it may ask servers beside those of the internet.
 */
export async function run(args: string[], policy?: Policy): Promise<void> {
  try {
    await commands(policy).parseAsync(args, { from: 'user' })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('commander.')) process.exitCode = (error as { exitCode?: number }).exitCode ?? 1
    else {
      process.stderr.write(`${isExpected(error) ? message : (error as Error).stack}\n`)
      process.exitCode = 1
    }
  }
}

export function commands(policy?: Policy): Command {
  const program = new Command('archipel').description('A federated directory of groups and the ecosystems they form.')
  program
    .version(version())
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ sortSubcommands: true })
    .showHelpAfterError('(--help explains each command)')

  program
    .command('serve')
    .description('Serve the directory: brings the database up to date, then listens on HOST and PORT.')
    .action(() => serve(readConfig(process.env), policy))

  program
    .command('demo')
    .description('Load the sample content into the database: two ecosystems in French and the groups of OSM Community Index.')
    .option('--serve', 'then serve it')
    .action(async ({ serve: alsoServe }: { serve?: boolean }) => {
      const config = readConfig(process.env)
      await withDatabase(config, async (db) => {
        const { loadDemo } = await import('./demo/load.ts')
        const { groups, imported } = await loadDemo(db, () => new Date(), config.publicUrl)
        print(`Sample content: ${groups} groups written, ${imported.added.length} imported from OSM Community Index, the rest was there already.`)
      })
      if (alsoServe) await serve({ ...config, demo: true }, policy)
    })

  program
    .command('generate')
    .description('Fill the database with made-up groups, always the same for a seed: for measuring, never for a real directory.')
    .requiredOption('--groups <number>', 'how many', wholeNumber)
    .option('--seed <number>', 'another seed, other groups', wholeNumber, 1)
    .action(async ({ groups, seed }: { groups: number; seed: number }) => {
      await withDatabase(readConfig(process.env), async (db) => {
        const { writeGenerated } = await import('./demo/write-generated.ts')
        const started = performance.now()
        await writeGenerated(db, groups, seed, new Date().toISOString())
        const seconds = (performance.now() - started) / 1000
        print(`${groups} groups written in ${seconds.toFixed(1)} s: ${Math.round(groups / seconds)} a second.`)
      })
    })

  program
    .command('migrate')
    .description('Bring the database up to date without serving it.')
    .action(() => withDatabase(readConfig(process.env), async () => print('The database is up to date.')))

  program
    .command('jobs')
    .description('Send the mails, run the jobs and visit the sources that are due, once; the server does it all the time.')
    .action(async () => {
      const config = readConfig(process.env)
      await withDatabase(config, async (db) => {
        const [{ workOnce }, { makeDeps }, { createCatalogue }] = await Promise.all([
          import('./jobs/work.ts'),
          import('./make-deps.ts'),
          import('./catalogue/catalogue.ts'),
        ])
        const warn = (facts: object, text: string) => process.stderr.write(`${text}: ${JSON.stringify(facts)}\n`)
        const deps = makeDeps({ config, db, catalogue: createCatalogue(), clock: () => new Date(), policy })
        const { mails, jobs, sources } = await workOnce({ ...deps, random: Math.random, warn })
        print(`Mails tried: ${mails}. Jobs run: ${jobs.join(', ') || 'none'}. Sources visited: ${sources}.`)
      })
    })

  const tools = {
    readConfig: () => readConfig(process.env),
    withDatabase,
    clock: () => new Date(),
    t: english,
    stdout: process.stdout,
    stderr: process.stderr,
  }
  addOperatorCommands(program, { ...tools, print })
  addExport(program, tools)
  addImport(program, tools).addCommand(importOsm())
  addFollowCommands(program, { ...tools, print, policy })

  return program
}

function english(): Translate {
  return translator(loadTranslations(join(import.meta.dirname, '../views/locale')), 'en')
}

function importOsm(): Command {
  return new Command('osm-community-index')
    .description('The communities of OpenStreetMap, from the data in the package or from a file of a later release.')
    .option('--file <resources.json>', 'read this file instead')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--many-gone', 'believe the file even if it lacks more than half of what was known')
    .action(async ({ file, dryRun, manyGone }: { file?: string; dryRun?: boolean; manyGone?: boolean }) => {
      const { readBundledResources, readOsmCommunityIndex } = await import('./transfer/osm/community-index.ts')
      const read = readOsmCommunityIndex(file === undefined ? readBundledResources() : readJson(file))
      await withDatabase(readConfig(process.env), async (db) => {
        const [{ importSource }, { describeReport }] = await Promise.all([import('./transfer/import-source.ts'), import('./transfer/report.ts')])
        const how = { at: new Date().toISOString(), t: english(), dryRun, manyGone }
        const report = await importSource(db, { source: 'osm-community-index', ...read, ...how })
        print(describeReport(report))
        if (report.shrunk) process.exitCode = 1
      })
    })
}

/** Commands load what they need when they run: the server starts in half the time. */
async function serve(config: Config, policy?: Policy): Promise<void> {
  const { serve: start } = await import('./main.ts')
  await start(config, policy)
}

async function withDatabase(config: Config, body: (db: Db) => Promise<void>): Promise<void> {
  const db = openDatabase(config)
  try {
    await migrate(db)
    await body(db)
  } finally {
    await db.destroy()
  }
}

function version(): string {
  return (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }).version
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CommandError(`${file} cannot be read as JSON: ${(error as Error).message}`)
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What the person can mend needs no stack trace: settings, files, addresses that are taken, databases that do not answer. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof ConfigError ||
    error instanceof CommandError ||
    (error instanceof Error && !(error instanceof TypeError || error instanceof RangeError))
  )
}
