import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { indexIn } from '../catalogue/snapshot.ts'
import type { Db } from '../db/tables.ts'
import { listEcosystems } from '../ecosystem/queries.ts'
import { toEcosystem } from '../ecosystem/row.ts'
import { notFound } from '../errors.ts'
import type { GroupRecord } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import { type Format, writers } from './format/formats.ts'
import { listRecords, type RecordsDeps } from './records.ts'

export interface ExportChoice {
  format: Format
  /** Only the groups that this ecosystem lists, or that carry this keyword; archived ones too. */
  keyword?: string
  /** With what is for insiders: links, and in JSON and NDJSON also ecosystems, standings, former names, claims. */
  private?: boolean
}

/** The directory in one of our formats, in pieces of text. Throws a 404 if no group carries the keyword. */
export async function exportText(deps: RecordsDeps, choice: ExportChoice): Promise<AsyncGenerator<string>> {
  return writers[choice.format](await exportRecords(deps, choice))
}

/** The records of an export, in batches. Ecosystems come first: they are lines of their own, `{"ecosystem": …}`, among the records. */
export async function exportRecords(deps: RecordsDeps, { format, keyword, private: whole }: ExportChoice): Promise<AsyncGenerator<GroupRecord[]>> {
  const nums = keyword === undefined ? undefined : await listedNums(deps, keyword)
  const records = listRecords(deps, nums, { whole })
  return whole && (format === 'json' || format === 'ndjson') ? withEcosystems(deps.db, records, keyword) : records
}

/** Writes a file that is either whole or not there: under another name first. */
export async function writeWhole(file: string, write: (out: Writable) => Promise<void>): Promise<void> {
  const unfinished = `${file}.part`
  try {
    await write(createWriteStream(unfinished))
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** Sends text on; a reader who has seen enough is no error. */
export async function send(text: AsyncIterable<string>, out: Writable, signal?: AbortSignal): Promise<void> {
  try {
    await pipeline(Readable.from(text), out, { signal })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

async function listedNums({ db, catalogue }: RecordsDeps, label: string): Promise<number[]> {
  const keyword = toSlug(label)
  const { snapshot, ecosystems } = await catalogue.current(db)
  const { starts, values } = snapshot.groupsOf
  const index = indexIn(snapshot.keywordNames, keyword)
  const accepted = ecosystems.get(keyword)?.accepted
  const carriers = index === 0 ? [] : Array.from(values.subarray(starts[index], starts[index + 1]), (slot) => snapshot.num[slot]!)
  if (carriers.length === 0 && !ecosystems.has(keyword)) throw notFound({ key: 'error.noKeyword', values: { keyword: label } })
  return carriers.filter((num) => !accepted || accepted.has(num))
}

async function* withEcosystems(db: Db, records: AsyncIterable<GroupRecord[]>, keyword?: string): AsyncGenerator<GroupRecord[]> {
  const all = (await listEcosystems(db)).map(toEcosystem)
  const wanted = keyword === undefined ? all : all.filter((one) => one.keyword === toSlug(keyword))
  yield wanted.map((ecosystem) => ({ ecosystem }) as unknown as GroupRecord)
  yield* records
}
