import type { Writable } from 'node:stream'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Config } from '../config.ts'
import type { Db } from '../db/tables.ts'
import type { Translate } from '../text/translate.ts'
import { type Format, formats } from './format/formats.ts'
import type { Terminal } from './progress.ts'

/** What the commands need of the program they are part of. */
export interface CommandTools {
  readConfig: () => Config
  withDatabase: (config: Config, body: (db: Db) => Promise<void>) => Promise<void>
  clock: () => Date
  t: () => Translate
  /** Reports, and what is exported to no file. */
  stdout: Writable
  /** Where progress and warnings go. */
  stderr: Terminal
}

export interface ExportOptions {
  keyword?: string
  format?: Format
  out?: string
  private?: boolean
}

export interface ImportOptions {
  format?: Format
  dryRun?: boolean
  partial?: boolean
  private?: boolean
  source?: string
  manyGone?: boolean
  from?: string
  json?: boolean
}

/** `archipel export`. */
export function addExport(program: Command, tools: CommandTools): void {
  program
    .command('export')
    .description(
      'Write the groups in a format that imports back unchanged (GeoJSON: those that have a position). An archive (.zip) holds their pictures too.',
    )
    .option('--keyword <keyword>', 'only the groups of this ecosystem')
    .addOption(formatOption('the format; else what the name of the file ends with, else json'))
    .option('--out <file>', 'write this file instead of the terminal: whole, or not at all; .zip makes an archive')
    .option('--private', 'with the links for insiders and, in json, ndjson and zip, the ecosystems, who is listed in them, former names and claims')
    .action((options: ExportOptions) => load().then(({ runExport }) => runExport(options, tools)))
}

/** `archipel import FILE`; the caller adds the importers of particular sources. */
export function addImport(program: Command, tools: CommandTools): Command {
  return program
    .command('import')
    .enablePositionalOptions()
    .description('Import groups. Importing again updates; what was edited here is kept; what is gone from a source stays listed and says so.')
    .argument('<file>', 'a file in one of the formats of export, or - for what comes in')
    .addOption(formatOption('the format; else what the name of the file ends with'))
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--partial', 'import what is right even if some records are refused')
    .option('--private', 'take what a private export holds besides records')
    .option('--source <name>', 'the file is everything that this source holds: follow it, and mark what is gone from it')
    .option('--many-gone', 'with --source: believe the file even if it lacks more than half of what the source held')
    .option('--from <address>', 'the file is of this server when it had another address: what was kept there is kept here', originOf)
    .option('--json', 'report as JSON')
    .action((file: string, options: ImportOptions) => load().then(({ runImport }) => runImport(file, options, tools)))
}

function originOf(address: string): string {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('It must be an address such as https://old.example.')
  return url.origin
}

function formatOption(description: string): Option {
  return new Option('--format <format>', description).choices(formats)
}

/** What the commands do is loaded when one is run: a start of the server does without it. */
function load(): Promise<typeof import('./run-commands.ts')> {
  return import('./run-commands.ts')
}
