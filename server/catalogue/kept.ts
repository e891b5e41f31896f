import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Db } from '../db/tables.ts'
import { findChange } from './queries.ts'
import type { Snapshot } from './snapshot.ts'

/** A snapshot on the disk, between two runs. */
export interface KeptSnapshot {
  /** The last change number it holds. */
  change: number
  snapshot: Snapshot
}

interface KeptFile extends KeptSnapshot {
  /** The shape of a snapshot: the code that makes it, and the engine that writes it down. */
  shape: string
  /** What that change was: no other database, and no other history of this one, has the same. */
  mark: string
}

/** Where a snapshot is kept; it can be deleted at any time, the next start then reads the database. */
export function keptFile(dataDir: string): string {
  return join(dataDir, 'cache', 'catalogue.bin')
}

/** The snapshot kept in `file`, if it is one of this database's past and of this code: reading it takes a fortieth of the time. */
export async function recall(db: Db, file: string): Promise<KeptSnapshot | undefined> {
  const kept = readKept(file)
  if (kept?.shape !== shape() || (await markOf(db, kept.change)) !== kept.mark) return undefined
  return kept
}

/** Keeps a snapshot for the next start; whole, or not at all. */
export async function keep(db: Db, file: string, { change, snapshot }: KeptSnapshot): Promise<void> {
  const mark = await markOf(db, change)
  if (mark === undefined) return
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(`${file}.new`, serialize({ change, snapshot, mark, shape: shape() } satisfies KeptFile))
  renameSync(`${file}.new`, file)
}

function readKept(file: string): KeptFile | undefined {
  try {
    return deserialize(readFileSync(file)) as KeptFile
  } catch {
    return undefined
  }
}

async function markOf(db: Db, change: number): Promise<string | undefined> {
  const found = await findChange(db, change)
  return found && `${found.at} ${found.group_id}`
}

function shape(): string {
  const code = readFileSync(new URL('snapshot.ts', import.meta.url))
  return `${process.versions.v8} ${createHash('sha256').update(code).digest('hex')}`
}
