import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Db } from '../db/tables.ts'

/** What the commands need of the program they are part of. */
export interface AccountTools {
  readConfig: () => Config
  withDatabase: (config: Config, body: (db: Db) => Promise<void>) => Promise<void>
  clock: () => Date
  print: (text: string) => void
}

/** `archipel operator add|list|remove`: the one way to the rights of an operator. */
export function addOperatorCommands(program: Command, { readConfig, withDatabase, clock, print }: AccountTools): void {
  const operator = program
    .command('operator')
    .description('Say who operates this server: operators may change anything on it, once they have signed in.')

  operator
    .command('add')
    .description('Make an operator of whoever reads this mailbox.')
    .argument('<address>', 'a mail address')
    .action(async (text: string) => {
      const { addOperator, toAddress, signInUrl } = await load()
      const address = toAddress(text)
      const config = readConfig()
      await withDatabase(config, async (db) => {
        await addOperator(db, address, { at: clock().toISOString(), locale: config.defaultLocale })
        print(`${address} is an operator, and signs in at ${signInUrl(config.publicUrl)}`)
      })
    })

  operator
    .command('list')
    .description('Who is an operator, one address a line.')
    .action(async () => {
      const { listOperators } = await load()
      await withDatabase(readConfig(), async (db) => {
        for (const { address } of await listOperators(db)) print(address)
      })
    })

  operator
    .command('remove')
    .description('Take the rights of an operator back; the account stays.')
    .argument('<address>', 'a mail address')
    .action(async (text: string) => {
      const { removeOperator, toAddress } = await load()
      const address = toAddress(text)
      await withDatabase(readConfig(), async (db) => {
        if (!(await removeOperator(db, address))) throw new Error(`${address} is not an operator.`)
        print(`${address} is not an operator any more.`)
      })
    })
}

/** What the commands do is loaded when one is run. */
function load(): Promise<typeof import('./run-commands.ts')> {
  return import('./run-commands.ts')
}
