import { fold } from '../text/fold.ts'

/** Short names made of a group's name, best first: its words, with its place, with its country, with numbers. Empty where there is no Latin letter. */
export function shortNamesFor({ name, place, country }: { name: string; place?: string; country?: string }): string[] {
  const base = toShortName(name)
  if (!base) return []
  const endings = [place && toShortName(place), country?.toLowerCase(), '2', '3', '4', '5', '6', '7', '8', '9']
  return [...new Set([base, ...endings.flatMap((ending) => (ending ? [withEnding(base, ending)] : []))])]
}

const longest = 40

function toShortName(text: string): string {
  const name = (fold(text).match(/[a-z0-9]+/g) ?? []).join('-').replace(/^[^a-z]+/, '')
  const cut = name.length > longest ? name.slice(0, longest).replace(/-[^-]*$/, '') : name
  return cut.length > 1 ? cut : ''
}

function withEnding(base: string, ending: string): string {
  return `${base.slice(0, Math.max(1, longest - 1 - ending.length)).replace(/-$/, '')}-${ending}`.slice(0, longest)
}
