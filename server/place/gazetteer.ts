import { readFile as readBytes } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, zstdDecompress } from 'node:zlib'
import { quarter, readFile } from './file.ts'

/** Where the gazetteer is: GeoNames (CC BY 4.0) and Etalab (Licence Ouverte 2.0), made by build/places.ts. */
export const gazetteerFile: URL = new URL('./derived/places.bin.zst', import.meta.url)

/** The places of the world in columns, most populous first: a place is its number. 26 MB. */
export interface Gazetteer {
  size: number
  /** Another one for other bytes. */
  version: number
  nameOf: (place: number, language?: string) => string
  /** In parts of a degree: see `degree`. */
  latitudes: Int32Array
  longitudes: Int32Array
  populations: Uint32Array
  /** Numbers into the lists below; 0 is none. */
  countryOf: Uint16Array
  regionOf: Uint16Array
  districtOf: Uint8Array
  /** See file.ts. */
  flags: Uint8Array
  /** How much a place counts for beside others: the power of ten of its people. */
  weights: Float32Array
  countries: string[]
  regions: string[]
  districts: string[]
  keys: Keys
}

/** All names folded (`placeKey`), sorted by their bytes; the places of key `k` are `entries` from `firsts[k]` to `firsts[k + 1]`. */
export interface Keys {
  text: Buffer
  ends: Uint32Array
  firsts: Uint32Array
  entries: Uint32Array
}

/** Reads the gazetteer, once and for the first who asks; forgets a failure, so that the next one tries again. */
export function lazyGazetteer(): () => Promise<Gazetteer> {
  let loading: Promise<Gazetteer> | undefined
  return () => {
    loading ??= loadGazetteer().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}

export async function loadGazetteer(): Promise<Gazetteer> {
  const packed = await readBytes(gazetteerFile)
  const { columns, localNames, ...lists } = readFile(await promisify(zstdDecompress)(packed))
  const local = new Map(Object.entries(localNames).map(([language, names]) => [language, new Map(names)]))
  const nameEnds = ends(columns.nameLengths)
  const populations = words(columns.populations)
  const flags = Uint8Array.from(columns.flags)
  const names = Buffer.from(columns.names)
  return {
    size: nameEnds.length - 1,
    version: crc32(packed),
    nameOf: (place, language = '') => local.get(language)?.get(place) ?? names.toString('utf8', nameEnds[place], nameEnds[place + 1]),
    latitudes: view(Int32Array, columns.latitudes).slice(),
    longitudes: view(Int32Array, columns.longitudes).slice(),
    populations,
    countryOf: view(Uint16Array, columns.countryOf).slice(),
    regionOf: view(Uint16Array, columns.regionOf).slice(),
    districtOf: Uint8Array.from(columns.districtOf),
    flags,
    weights: weightsOf(populations, flags),
    ...lists,
    keys: readKeys(columns.keyParts, columns.keyKept, columns.keyLengths, view(Uint16Array, columns.entryCounts), words(columns.entries)),
  }
}

function readKeys(parts: Buffer, kept: Buffer, lengths: Buffer, counts: Uint16Array, entries: Uint32Array): Keys {
  const keyEnds = ends(lengths)
  const text = Buffer.allocUnsafeSlow(keyEnds[lengths.length]!)
  let read = 0
  // Byte by byte: most keys are shorter than what a call to copy them costs.
  for (let key = 0; key < lengths.length; key++) {
    const start = keyEnds[key]!
    const before = key > 0 ? keyEnds[key - 1]! : 0
    const fresh = start + kept[key]!
    for (let at = start; at < fresh; at++) text[at] = text[before + at - start]!
    for (let at = fresh; at < keyEnds[key + 1]!; at++) text[at] = parts[read++]!
  }
  return { text, ends: keyEnds, firsts: ends(counts), entries }
}

/** A quarter counts for a tenth of its people: its town is rather meant. */
function weightsOf(populations: Uint32Array, flags: Uint8Array): Float32Array {
  const weights = new Float32Array(populations.length)
  for (let place = 0; place < weights.length; place++) weights[place] = Math.log10(populations[place]! + 1) - (flags[place]! & quarter ? 1 : 0)
  return weights
}

/** From lengths to where each begins, and the end of the last. */
function ends(lengths: Uint8Array | Uint16Array): Uint32Array {
  const found = new Uint32Array(lengths.length + 1)
  for (let at = 0; at < lengths.length; at++) found[at + 1] = found[at]! + lengths[at]!
  return found
}

/** A copy, so that the whole file can be let go. */
function words(column: Buffer): Uint32Array {
  return view(Uint32Array, column).slice()
}

function view<T>(kind: new (buffer: ArrayBufferLike, offset: number, length: number) => T, column: Buffer): T {
  const { BYTES_PER_ELEMENT } = kind as unknown as { BYTES_PER_ELEMENT: number }
  return new kind(column.buffer, column.byteOffset, column.byteLength / BYTES_PER_ELEMENT)
}
