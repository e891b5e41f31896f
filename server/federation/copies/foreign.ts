import type { Service } from '../../schema-types.ts'
import { toSlug } from '../../text/fold.ts'

type Facts = Record<string, unknown>

/** A record in the words of another directory, in ours and unchecked: a Murmurations profile, a Freifunk or SpaceAPI file; anything else stays as it is. */
export function fromForeign(value: Facts): Facts {
  if (Array.isArray(value.linked_schemas)) return fromMurmurations(value)
  const name = value.name ?? value.space
  return value.summary === undefined && typeof name === 'string' && isFacts(value.location) ? fromSelfHosted(value, name) : value
}

function fromMurmurations(profile: Facts): Facts {
  const { description, mission, nickname, tags, locality } = profile
  const { lat, lon } = isFacts(profile.geolocation) ? profile.geolocation : { lat: profile.latitude, lon: profile.longitude }
  const about = text(description) ?? text(mission)
  return compact({
    name: cut(text(profile.name), 120),
    summary: firstLine(about ?? text(profile.name)),
    description: about && about !== firstLine(about) ? about.slice(0, 10_000) : undefined,
    type: lat === undefined ? 'thematic' : 'territorial',
    shortName: text(nickname),
    activity: profile.status === 'active' ? 'active' : profile.status === 'in_planning' ? 'preparing' : profile.status ? 'archived' : undefined,
    keywords: toKeywords([...strings(tags), ...ecosystemsOf(profile.relationships)]),
    place: cut(text(locality), 200),
    country: text(profile.country_iso_3166),
    position: toPosition(lat, lon),
    links: toLinks({ home: profile.primary_url, news: profile.rss }),
  })
}

function fromSelfHosted(value: Facts, name: string): Facts {
  const { lat, lon, city } = value.location as Facts
  const state = isFacts(value.state) ? value.state : {}
  return compact({
    name: cut(name, 120),
    summary: firstLine(text(state.description) ?? name),
    type: 'territorial',
    place: cut(text(city), 200),
    country: text((value.location as Facts).country)?.length === 2 ? (value.location as Facts).country : undefined,
    position: toPosition(lat, lon),
    links: toLinks({ home: value.url }),
    keywords: toKeywords(strings(state.focus)),
  })
}

/** The keywords of the ecosystems that a profile says it belongs to. */
function ecosystemsOf(relationships: unknown): string[] {
  const all = Array.isArray(relationships) ? relationships.filter(isFacts) : []
  return all.flatMap(({ predicate_url, object_url }) => {
    const path = /memberOf$/.test(text(predicate_url) ?? '') ? URL.parse(text(object_url) ?? '')?.pathname : undefined
    const keyword = /^\/e\/([^/]+)$/.exec(path ?? '')?.[1]
    return keyword ? [decode(keyword)] : []
  })
}

function toKeywords(labels: string[]): unknown {
  return labels.filter((label) => toSlug(label) !== '' && label.length <= 80).slice(0, 30)
}

function toPosition(lat: unknown, lon: unknown): unknown {
  return typeof lat === 'number' && typeof lon === 'number' ? { lat, lng: lon, precision: 'place' } : undefined
}

function toLinks(links: Partial<Record<Service, unknown>>): unknown {
  return Object.entries(links).flatMap(([service, url]) => (typeof url === 'string' && /^https?:\/\//i.test(url) ? [{ service, url }] : []))
}

function compact(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined))
}

function firstLine(about: string | undefined): string | undefined {
  return cut(about?.replace(/\n.*/s, '').replace(/\s+/g, ' '), 200)
}

function cut(value: string | undefined, length: number): string | undefined {
  return value !== undefined && value.length > length ? `${value.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…` : value
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

export function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
