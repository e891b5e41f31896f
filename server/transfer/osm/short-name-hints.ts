import { createHash } from 'node:crypto'
import { fold } from '../../text/fold.ts'

const most = 40

/** Short names for a group, best first: from its name, with its country, from its identifier in the source, with a hash of that. */
export function shortNameHints(sourceId: string, name: string, country: string | undefined): string[] {
  const short = name.replace(/\s*\([^()]*\)$/, '')
  const hash = createHash('sha256').update(sourceId).digest('hex').slice(0, 8)
  const hints = [
    toShortName(short),
    toShortName(name),
    country && !short.endsWith(` ${country}`) && toShortName(short, country.toLowerCase()),
    toShortName(sourceId),
    toShortName(short, hash),
    `osm-${hash}`,
  ]
  return [...new Set(hints.filter((hint) => typeof hint === 'string' && hint.length > 1))] as string[]
}

/** Words joined by hyphens, cut after a word. Begins with `osm` where nothing tells that it is about OpenStreetMap. Empty if no Latin word is left. */
function toShortName(text: string, ending?: string): string {
  const words = fold(text)
    .replace(/open ?street ?map(?=pers)/g, 'osm map')
    .replace(/open ?street ?map(?=[a-z])/g, 'osm ')
    .replace(/open ?street ?map/g, 'osm')
    .match(/[a-z0-9]+/g)
  if (!words) return ''
  const about = words.some((word) => /osm|map/.test(word)) ? words : ['osm', ...words]
  const room = most - (ending ? ending.length + 1 : 0)
  let start = /^[a-z]/.test(about[0]!) ? '' : 'osm'
  for (const word of about) {
    const longer = start ? `${start}-${word}` : word.slice(0, room)
    if (longer.length > room) break
    start = longer
  }
  if (start === 'osm' && about.length > 1) return ''
  return ending ? `${start}-${ending}` : start
}
