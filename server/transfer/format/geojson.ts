import type { GroupRecord } from '../../schema-types.ts'

/**
 * The records that have a position as an RFC 7946 FeatureCollection, one feature a line. Properties are the record, with the position's
 * `precision` in the position's place; `omitted` at the end counts the others, with those that are known to be left out already.
 */
export async function* writeGeojson(records: AsyncIterable<GroupRecord[]>, known = { omitted: 0 }): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":['
  let [separator, omitted] = ['\n', known.omitted]
  for await (const batch of records) {
    const features = batch.flatMap(toFeature)
    omitted += batch.length - features.length
    if (features.length === 0) continue
    yield separator + features.join(',\n')
    separator = ',\n'
  }
  yield `\n],"omitted":${omitted}}\n`
}

function toFeature({ position, ...record }: GroupRecord): string[] {
  if (!position) return []
  const { lat, lng, precision } = position
  const geometry = { type: 'Point', coordinates: [lng, lat] }
  return [JSON.stringify({ type: 'Feature', id: record.id, geometry, properties: { ...record, precision } })]
}
