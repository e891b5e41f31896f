import { Writable } from 'node:stream'
import { Command } from 'commander'
import type { Config } from '../../server/config.ts'
import type { Db } from '../../server/db/tables.ts'
import { addExport, addImport, type CommandTools } from '../../server/transfer/commands.ts'
import { now } from '../helper.ts'
import { en } from './bring.ts'

/** `export` and `import` as the program has them, in this process: starting one for each takes seconds. It is always `now`. */
export function inProcess(config: Config, db: Db) {
  return async (args: string[], { isTTY = false } = {}): Promise<{ code: number; out: string; err: string }> => {
    const [stdout, stderr] = [collector(), collector()]
    const withDatabase: CommandTools['withDatabase'] = (_, body) => body(db)
    const tools = {
      readConfig: () => config,
      withDatabase,
      clock: () => new Date(now),
      t: () => en,
      stdout,
      stderr: Object.assign(stderr, { isTTY }),
    }
    const command = new Command('archipel').exitOverride().configureOutput({ writeOut: stdout.say, writeErr: stderr.say })
    addExport(command, tools)
    addImport(command, tools)
    for (const one of command.commands) one.copyInheritedSettings(command)
    const before = process.exitCode
    try {
      await command.parseAsync(args, { from: 'user' })
      return { code: Number(process.exitCode ?? 0), out: stdout.said(), err: stderr.said() }
    } catch (error) {
      return { code: 1, out: stdout.said(), err: `${stderr.said()}${(error as Error).message}\n` }
    } finally {
      process.exitCode = before
    }
  }
}

function collector() {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(piece)
      done()
    },
  })
  return Object.assign(stream, { said: () => Buffer.concat(pieces).toString(), say: (text: string) => void stream.write(text) })
}
