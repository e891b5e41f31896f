import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/tables.ts'
import type { Policy } from '../../net/address.ts'
import type { Translate } from '../../text/translate.ts'

/** What the commands need of the program they are part of. */
export interface FollowTools {
  readConfig: () => Config
  withDatabase: (config: Config, body: (db: Db) => Promise<void>) => Promise<void>
  clock: () => Date
  t: () => Translate
  print: (text: string) => void
  /** Where it may go beside the internet: tests alone say so. */
  policy?: Policy
}

export interface FollowOptions {
  keyword?: string[]
  trust: 'blocked' | 'review' | 'automatic'
  title?: string
  every?: number
  quota?: number
}

export interface PullOptions {
  source?: string
  dryRun?: boolean
  json?: boolean
}

/** `archipel follow ADDRESS` and `archipel pull`. */
export function addFollowCommands(program: Command, tools: FollowTools): void {
  program
    .command('follow')
    .description(
      'Follow the groups of another server: one like this, a Murmurations index or profile, a directory, a GeoJSON or CSV file. Without an address: what is followed.',
    )
    .argument('[address]', 'its home page, an ecosystem there, or the address of the data')
    .option('--keyword <keyword...>', 'only the groups that carry one of these')
    .addOption(new Option('--trust <trust>', 'what becomes of its groups').choices(['blocked', 'review', 'automatic']).default('review'))
    .option('--title <words>', 'what to call it')
    .option('--every <minutes>', 'how often to ask', wholeNumber)
    .option('--quota <records>', 'how many groups it may bring', wholeNumber)
    .action((address: string | undefined, options: FollowOptions) => load().then(({ runFollow }) => runFollow(address, options, tools)))

  program
    .command('pull')
    .description(
      'Ask the servers that are followed what is new, now: all of them or one. The server does it all the time, each source in its rhythm.',
    )
    .option('--source <address>', 'this one, by its address or its host')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--json', 'report as JSON')
    .action((options: PullOptions) => load().then(({ runPull }) => runPull(options, tools)))
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** What the commands do is loaded when one is run. */
function load(): Promise<typeof import('./run-commands.ts')> {
  return import('./run-commands.ts')
}
