/**
 * The gazetteer's file: a header in JSON, then columns. Places stand most populous first, so a place is its rank.
 * Keys (`placeKey` of every name) are sorted by their bytes, each written as how much of the one before it keeps, and the rest.
 */
export interface GazetteerFile {
  /** Countries, regions and districts are numbers into these lists; 0 is none. */
  countries: string[]
  regions: string[]
  districts: string[]
  /** Names in a language where they differ from the first one, by place. */
  localNames: Record<string, [place: number, name: string][]>
  columns: Record<ColumnName, Buffer>
}

export const columnNames = [
  'names',
  'nameLengths',
  'latitudes',
  'longitudes',
  'populations',
  'countryOf',
  'regionOf',
  'districtOf',
  'flags',
  'keyParts',
  'keyKept',
  'keyLengths',
  'entryCounts',
  'entries',
] as const

export type ColumnName = (typeof columnNames)[number]

/** Positions are whole numbers of these parts of a degree: 11 metres. */
export const degree = 10_000
/** Of `flags`. */
export const quarter = 1
export const commune = 2
/** Placed by its neighbours of the same postal code, a few kilometres off. */
export const approximate = 4
/** Placed by a wider area around it. */
export const vague = 8
/** Of an entry: a name of the place itself, rather than what others call it. */
export const ownName = 0x8000_0000

/** Columns begin at multiples of eight, so that they can be read in place. */
export function writeFile({ columns, ...lists }: GazetteerFile): Buffer {
  const header = Buffer.from(JSON.stringify({ ...lists, lengths: columnNames.map((name) => columns[name].length) }))
  const lead = Buffer.alloc(8)
  lead.writeUInt32LE(header.length)
  return Buffer.concat([lead, padded(header), ...columnNames.map((name) => padded(columns[name]))])
}

export function readFile(bytes: Buffer): GazetteerFile {
  const length = bytes.readUInt32LE(0)
  const { lengths, ...lists } = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Omit<GazetteerFile, 'columns'> & { lengths: number[] }
  let at = 8 + roundUp(length)
  const columns = columnNames.map((name, index) => {
    const column = bytes.subarray(at, at + lengths[index]!)
    at += roundUp(lengths[index]!)
    return [name, column] as const
  })
  return { ...lists, columns: Object.fromEntries(columns) as GazetteerFile['columns'] }
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(roundUp(bytes.length) - bytes.length)])
}

function roundUp(length: number): number {
  return Math.ceil(length / 8) * 8
}
