/** Where the clock is that a group means when it says a time: in its country, else in France. */
export function zoneOf(country: string | undefined): string {
  const { getTimeZones } = (country ? new Intl.Locale(`und-${country}`) : {}) as { getTimeZones?: () => string[] | undefined }
  return getTimeZones?.call(new Intl.Locale(`und-${country}`))?.[0] ?? 'Europe/Paris'
}

/** Every zone that a form offers. */
export function listZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')]
}

/** `2026-12-24T18:00:00.000Z` in Paris → `2026-12-24T19:00`; in UTC where the zone's clock shows that time twice. */
export function toLocal(at: string, zone: string): { local: string; zone: string } {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return { local: at, zone }
  const local = written(time + (offsetAt(time, zone) ?? 0))
  return fromLocal(local, zone) === new Date(time).toISOString() ? { local, zone } : { local: written(time), zone: 'UTC' }
}

/** The other way round. What is no time, or of no zone, stays as it was. */
export function fromLocal(local: string, zone: string): string {
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(local) ? Date.parse(`${local}Z`) : Number.NaN
  const near = offsetAt(asUtc, zone)
  if (near === undefined) return local
  const offset = offsetAt(asUtc - near, zone) ?? near
  return new Date(asUtc - offset).toISOString()
}

/** Without seconds when there are none, as fields for a date and a time like it. */
function written(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/Z$/, '')
    .replace(/\.000$/, '')
    .replace(/:00$/, '')
}

/** How far ahead of UTC a zone's clock is, in milliseconds. */
function offsetAt(time: number, zone: string): number | undefined {
  try {
    const numeric = '2-digit'
    const format = new Intl.DateTimeFormat('en', {
      ...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory', year: 'numeric', month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric, second: numeric },
    })
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
    const second = Math.floor(time / 1000) * 1000
    return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) - second
  } catch {
    return undefined
  }
}
