import type { EcosystemRow } from '../db/tables.ts'
import type { Ecosystem } from '../schema-types.ts'

export function toEcosystemRow(ecosystem: Ecosystem, stamp: Pick<EcosystemRow, 'created_at' | 'updated_at' | 'revision'>): EcosystemRow {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  return {
    keyword: ecosystem.keyword,
    title: ecosystem.title,
    summary: ecosystem.summary ?? null,
    presentation: ecosystem.presentation ?? null,
    languages: json(ecosystem.languages),
    charter: json(ecosystem.charter),
    policy: ecosystem.policy,
    kernel_group: ecosystem.kernelGroup ?? null,
    tools: json(ecosystem.tools),
    related: json(ecosystem.related),
    header_colour: ecosystem.headerColour ?? null,
    accent_colour: ecosystem.accentColour ?? null,
    map_view: json(ecosystem.mapView),
    ...stamp,
  }
}

/** The ecosystem out of its row, absent facts left out. */
export function toEcosystem(row: EcosystemRow): Ecosystem {
  const parse = (text: string | null) => (text === null ? null : JSON.parse(text))
  const ecosystem: Record<keyof Ecosystem, unknown> = {
    keyword: row.keyword,
    title: row.title,
    summary: row.summary,
    presentation: row.presentation,
    languages: parse(row.languages),
    charter: parse(row.charter),
    policy: row.policy,
    kernelGroup: row.kernel_group,
    tools: parse(row.tools),
    related: parse(row.related),
    headerColour: row.header_colour,
    accentColour: row.accent_colour,
    mapView: parse(row.map_view),
  }
  return Object.fromEntries(Object.entries(ecosystem).filter(([, value]) => value !== null)) as unknown as Ecosystem
}
