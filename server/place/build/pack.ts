import { constants, zstdCompressSync } from 'node:zlib'
import { degree, type GazetteerFile, ownName, writeFile } from '../file.ts'
import { writtenKeys } from '../key.ts'
import type { RawPlace } from './gather.ts'

const articles: Record<string, RegExp> = { FR: /^(le |la |les |l['’])/i }
const longestKey = 255

/** The places as the bytes of the file that gazetteer.ts reads. */
export function packPlaces(places: RawPlace[]): Buffer {
  const [countries, regions, districts] = [numbers(), numbers(), numbers()]
  const names = places.map(({ name }) => Buffer.from(name))
  const columns = {
    names: Buffer.concat(names),
    nameLengths: bytes(new Uint8Array(names.map(({ length }) => length))),
    latitudes: bytes(new Int32Array(places.map(({ lat }) => Math.round(lat * degree)))),
    longitudes: bytes(new Int32Array(places.map(({ lng }) => Math.round(lng * degree)))),
    populations: bytes(new Uint32Array(places.map(({ population }) => population))),
    countryOf: bytes(new Uint16Array(places.map(({ country }) => countries.of(country)))),
    regionOf: bytes(new Uint16Array(places.map(({ region }) => regions.of(region)))),
    districtOf: bytes(new Uint8Array(places.map(({ district }) => districts.of(district)))),
    flags: bytes(new Uint8Array(places.map(({ flags }) => flags))),
    ...keyColumns(places),
  }
  const file: GazetteerFile = {
    countries: countries.list,
    regions: regions.list,
    districts: districts.list,
    localNames: localNames(places),
    columns,
  }
  const written = writeFile(file)
  const params = { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_checksumFlag]: 1 }
  return zstdCompressSync(written, { params, pledgedSrcSize: written.length })
}

function keyColumns(places: RawPlace[]) {
  const found = keysOf(places)
  const sorted = [...found].map(([key, entries]) => ({ key: Buffer.from(key), entries })).sort((a, b) => a.key.compare(b.key))
  const kept = sorted.map(({ key }, index) => shared(sorted[index - 1]?.key, key))
  const entries = sorted.flatMap((one) => [...one.entries].map(([place, own]) => (own ? place + ownName : place)))
  return {
    keyParts: Buffer.concat(sorted.map(({ key }, index) => key.subarray(kept[index]!))),
    keyKept: bytes(new Uint8Array(kept)),
    keyLengths: bytes(new Uint8Array(sorted.map(({ key }) => key.length))),
    entryCounts: bytes(new Uint16Array(sorted.map((one) => one.entries.size))),
    entries: bytes(new Uint32Array(entries)),
  }
}

/** Every key, with the places it stands for and whether it is their own name. */
function keysOf(places: RawPlace[]): Map<string, Map<number, boolean>> {
  const keys = new Map<string, Map<number, boolean>>()
  const add = (key: string, place: number, own: boolean) => {
    if (Buffer.byteLength(key) > longestKey) return
    const entries = keys.get(key) ?? new Map<number, boolean>()
    keys.set(key, entries.set(place, own || (entries.get(place) ?? false)))
  }
  for (const [place, { name, otherNames, localNames, country }] of places.entries()) {
    for (const own of [name, ...Object.values(localNames)]) for (const key of writtenKeys(own, articles[country])) add(key, place, true)
    for (const other of otherNames) for (const key of writtenKeys(other)) add(key, place, false)
  }
  return keys
}

function localNames(places: RawPlace[]): GazetteerFile['localNames'] {
  const named = places.flatMap(({ localNames }, place) => Object.entries(localNames).map(([language, name]) => ({ language, place, name })))
  return Object.fromEntries(
    [...Map.groupBy(named, ({ language }) => language)].sort().map(([language, all]) => [language, all.map(({ place, name }) => [place, name])]),
  )
}

/** How many bytes two keys begin with alike. */
function shared(before: Buffer | undefined, key: Buffer): number {
  let at = 0
  while (before && at < key.length && before[at] === key[at]) at++
  return at
}

/** A list whose members are known by their number; nothing is 0. */
function numbers() {
  const list = ['']
  const known = new Map([['', 0]])
  return {
    list,
    of(value: string): number {
      const found = known.get(value) ?? list.push(value) - 1
      known.set(value, found)
      return found
    },
  }
}

function bytes({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array | Int32Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}
