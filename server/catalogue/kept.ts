import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Db } from '../db/tables.ts'
import { findChange } from './queries.ts'

/** What was made of the database as of a change number. */
export interface AsOf<T> {
  change: number
  value: T
}

/** A place on the disk for something made of the database, between two runs. Its file can be deleted at any time: the next start makes it anew. */
export interface Kept<T> {
  file: string
  /** What was kept, if it is of this database's past and of this code: reading it takes a fortieth of the time. */
  recall(db: Db): Promise<AsOf<T> | undefined>
  /** Keeps it for the next start; whole, or not at all. */
  keep(db: Db, made: AsOf<T>): Promise<void>
}

interface KeptFile<T> extends AsOf<T> {
  /** The code that makes it, and the engine that writes it down. */
  shape: string
  /** What that change was: no other database, and no other history of this one, has the same. */
  mark: string
}

/** The modules that say what shape it has. */
const code = { groups: ['snapshot.ts', 'indexes.ts', 'mercator.ts'], words: ['postings.ts'] }

export function createKept<T>(dataDir: string, name: keyof typeof code): Kept<T> {
  const file = join(dataDir, 'cache', `${name}.bin`)
  return {
    file,
    async recall(db) {
      const kept = readKept<T>(file)
      if (kept?.shape !== shapeOf(code[name]) || (await markOf(db, kept.change)) !== kept.mark) return undefined
      return { change: kept.change, value: kept.value }
    },
    async keep(db, { change, value }) {
      const mark = await markOf(db, change)
      if (mark === undefined) return
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(`${file}.new`, serialize({ change, value, mark, shape: shapeOf(code[name]) } satisfies KeptFile<T>))
      renameSync(`${file}.new`, file)
    },
  }
}

function readKept<T>(file: string): KeptFile<T> | undefined {
  try {
    return deserialize(readFileSync(file)) as KeptFile<T>
  } catch {
    return undefined
  }
}

async function markOf(db: Db, change: number): Promise<string | undefined> {
  const found = await findChange(db, change)
  return found && `${found.at} ${found.group_id}`
}

function shapeOf(modules: string[]): string {
  const hash = createHash('sha256')
  for (const module of modules) hash.update(readFileSync(join(import.meta.dirname, module)))
  return `${process.versions.v8} ${hash.digest('hex')}`
}
