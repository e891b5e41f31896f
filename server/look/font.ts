import { inflateSync } from 'node:zlib'

/** A font as a renderer outside a browser reads it. */
export interface Font {
  family: string
  weight: 400 | 700
  /** A TrueType file. */
  file: Buffer
  /** Width of each character that it can draw, in ems, by code point. */
  widths: ReadonlyMap<number, number>
}

interface Table {
  tag: string
  checksum: number
  data: Buffer
}

/**
 * Unpacks a WOFF 1.0 font (W3C Recommendation, section 4). `suffix` is written over the end of its family name: the renderer takes one file a
 * family, and the web's fonts come cut into several. Throws when the file is none.
 */
export function readWoff(woff: Buffer, { family, weight, suffix }: { family: string; weight: 400 | 700; suffix: string }): Font {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is not a WOFF font.')
  const renamed = family.slice(0, -suffix.length) + suffix
  const tables = readTables(woff).map((table) => (table.tag === 'name' ? { ...table, data: rename(table.data, family, renamed) } : table))
  return { family: renamed, weight, file: toTrueType(woff.readUInt32BE(4), tables), widths: readWidths(tables) }
}

function readTables(woff: Buffer): Table[] {
  return Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const entry = 44 + 20 * index
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((at) => woff.readUInt32BE(entry + at)) as [number, number, number, number]
    const bytes = woff.subarray(offset, offset + packed)
    return { tag: woff.toString('latin1', entry, entry + 4), checksum, data: packed < length ? inflateSync(bytes) : bytes }
  })
}

function toTrueType(flavour: number, tables: Table[]): Buffer {
  const power = Math.floor(Math.log2(tables.length))
  const head = Buffer.alloc(12 + 16 * tables.length)
  head.writeUInt32BE(flavour, 0)
  for (const [index, value] of [tables.length, 16 << power, power, 16 * tables.length - (16 << power)].entries())
    head.writeUInt16BE(value, 4 + 2 * index)
  const parts: Buffer[] = [head]
  let offset = head.length
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = 12 + 16 * index
    head.write(tag, entry, 'latin1')
    for (const [at, value] of [checksum, offset, data.length].entries()) head.writeUInt32BE(value, entry + 4 + 4 * at)
    const padding = Buffer.alloc(-data.length & 3)
    parts.push(data, padding)
    offset += data.length + padding.length
  }
  return Buffer.concat(parts)
}

/** The names have the same length, so nothing moves. They are written in one byte a letter, in two, or in both. */
function rename(names: Buffer, from: string, to: string): Buffer {
  const wide = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('latin1')
  return Buffer.from(names.toString('latin1').replaceAll(from, to).replaceAll(wide(from), wide(to)), 'latin1')
}

function readWidths(tables: Table[]): Map<number, number> {
  const data = (tag: string) => tables.find((table) => table.tag === tag)!.data
  const em = data('head').readUInt16BE(18)
  const metrics = data('hmtx')
  const last = data('hhea').readUInt16BE(34) - 1
  const glyphs = readCharacters(data('cmap'))
  return new Map([...glyphs].map(([character, glyph]) => [character, metrics.readUInt16BE(4 * Math.min(glyph, last)) / em]))
}

/** Glyph by code point, from the table of the Basic Multilingual Plane (OpenType `cmap`, format 4). */
function readCharacters(cmap: Buffer): Map<number, number> {
  const offsets = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.readUInt32BE(8 + 8 * index))
  const table = cmap.subarray(offsets.find((offset) => cmap.readUInt16BE(offset) === 4))
  const double = table.readUInt16BE(6)
  const glyphs = new Map<number, number>()
  for (let at = 0; at < double; at += 2) {
    const [end, start] = [table.readUInt16BE(14 + at), table.readUInt16BE(16 + double + at)]
    const delta = table.readUInt16BE(16 + 2 * double + at)
    const rangeAt = 16 + 3 * double + at
    const range = table.readUInt16BE(rangeAt)
    for (let character = start; character <= end && character < 0xffff; character++) {
      const listed = range === 0 ? character : table.readUInt16BE(rangeAt + range + 2 * (character - start))
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph > 0) glyphs.set(character, glyph)
    }
  }
  return glyphs
}
