import type { CatalogueRow } from '../../server/catalogue/snapshot.ts'

const unknown = {
  activity: null,
  country: null,
  region: null,
  languages: null,
  keywords: null,
  member_count: null,
  origin_server: null,
  lat: null,
  lng: null,
  precision: null,
}

/** A group of which nothing is known but its name and `facts`. */
export function row(num: number, name: string, facts: Partial<CatalogueRow> = {}): CatalogueRow {
  return { num, sort_key: name, short_name: `g${num}`, type: 'thematic', wanted: 0, updated_at: '2026-01-01T00:00:00.000Z', ...unknown, ...facts }
}
