import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pick } from 'stream-json/filters/pick.js'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import type { Entry } from './read.ts'
import { longestRecord, unreadable } from './unreadable.ts'

/** The records of `{"items":[…]}`, whatever else the object holds (the twins do), or of a plain list. */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<Entry> {
  yield* readList(text, 'items')
}

/** The records of a FeatureCollection: the properties of each feature, and its point. */
export async function* readGeojson(text: AsyncIterable<string>): AsyncGenerator<Entry> {
  for await (const { line, value } of readList(text, 'features')) yield { line, value: fromFeature(value) }
}

const tokens = { packKeys: true, packStrings: true, packNumbers: true, streamKeys: false, streamStrings: false, streamNumbers: false }

async function* readList(text: AsyncIterable<string>, key: string): AsyncGenerator<Entry> {
  const progress: Progress = { line: 0, isList: false, found: false }
  const isHere = (path: readonly unknown[]) => {
    if (progress.isList ? path.length === 0 : path.length === 1 && path[0] === key) progress.found = true
    return progress.found && (progress.isList || path[0] === key)
  }
  const values = streamArray.asStream()
  const source = Readable.from(watched(text, progress), { highWaterMark: 1 })
  const done = pipeline(source, pick.withParserAsStream({ ...tokens, filter: isHere }), values).catch((error: unknown) => error)
  try {
    for await (const { value } of values) yield { line: ++progress.line, value }
  } catch {
    throw progress.failure ?? unreadable('json', { line: progress.line + 1 })
  } finally {
    source.destroy()
    await done
  }
  if (!progress.found) throw unreadable('noItems', { key })
}

/** The pieces of text that wait for the parser count as read, so that a record gets more room here. */
const mostAhead = 4 * longestRecord

interface Progress {
  line: number
  isList: boolean
  found: boolean
  /** What went wrong before the text reached the parser: a file that is not there, a record without an end. */
  failure?: unknown
}

/** Sees whether the text is a list or an object, and stops when a record has no end. */
async function* watched(text: AsyncIterable<string>, progress: Progress): AsyncGenerator<string> {
  let [started, line, length] = [false, 0, 0]
  const fail = (error: unknown) => {
    progress.failure = error
    throw error
  }
  const pieces = text[Symbol.asyncIterator]()
  for (let next = await pieces.next().catch(fail); !next.done; next = await pieces.next().catch(fail)) {
    const first = started ? undefined : /\S/.exec(next.value)?.[0]
    if (first) [started, progress.isList] = [true, first === '[']
    if (line !== progress.line) [line, length] = [progress.line, 0]
    length += next.value.length
    if (length > mostAhead) fail(unreadable('tooLong', { line: progress.line + 1 }))
    yield next.value
  }
}

function fromFeature(feature: unknown): unknown {
  if (!isObject(feature) || !isObject(feature.properties)) return feature
  const { precision, ...record } = feature.properties
  const point = isObject(feature.geometry) && feature.geometry.type === 'Point' ? feature.geometry.coordinates : undefined
  return Array.isArray(point) ? { ...record, position: { lat: point[1], lng: point[0], precision: precision ?? 'exact' } } : record
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
