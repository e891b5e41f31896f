import { randomFrom } from '../text/random.ts'

/** What gathers a group; gives the island its colour (a class in the styles) and its number of lobes. */
export type ContourType = 'thematic' | 'territorial' | 'support'

interface Island {
  x: number
  y: number
  lobes: number
  phase: number
  turn: number
}

const LOBES: Record<ContourType, number> = { thematic: 2, territorial: 3, support: 4 }
/** Tones that stand on light and on dark paper, for the file that is served as a picture. */
const TONES: Record<ContourType, [sea: string, land: string]> = {
  thematic: ['#3f9c8d', '#2b8a7b'],
  territorial: ['#bb8d42', '#a3752a'],
  support: ['#957bb8', '#8264a8'],
}

/** The banner of a group without a picture: isobaths around two islands, 12:1. Same seed, same drawing.
 *  Inline, the colours come from the styles; otherwise a whole file of 1920 × 160. */
export function contourSvg(seed: string, type: ContourType, { inline }: { inline: boolean }): string {
  const levels = strip(randomFrom(`${type}/${seed}`), LOBES[type])
  if (inline) {
    const paths = levels.map((d) => `<path d="${d}"/>`).join('')
    return `<svg class="contour ${type}" viewBox="0 0 480 40" preserveAspectRatio="xMidYMid slice" aria-hidden="true">${paths}</svg>`
  }
  const [sea, land] = TONES[type]
  const depths = levels
    .slice(0, -1)
    .map((d) => `<path d="${d}"/>`)
    .join('')
  const style = `fill="${sea}" fill-opacity=".1" stroke="${sea}" stroke-opacity=".6" stroke-width=".4"`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="160" viewBox="0 0 480 40"><g ${style}><path stroke="none" d="M0 0h480v40H0z"/>${depths}</g><path fill="${land}" fill-opacity=".75" d="${levels.at(-1)}"/></svg>`
}

/** An ecosystem as an archipelago: one island for each of its first groups (24 at most), 12:5. */
export function islandSvg(groups: { seed: string; type: ContourType }[]): string {
  const shown = groups.slice(0, 24)
  const random = randomFrom(shown.map(({ seed }) => seed).join('/'))
  const turn = random() * 6.28
  const size = Math.min(26, 58 / Math.sqrt(shown.length + 1))
  const land: Record<ContourType, string> = { thematic: '', territorial: '', support: '' }
  let shoal = ''
  shown.forEach(({ seed, type }, i) => {
    const own = randomFrom(`${type}/${seed}`)
    // Seeds of a sunflower: evenly spread whatever their number, without a grid.
    const angle = turn + i * 2.39996
    const reach = shown.length === 1 ? 0 : Math.sqrt((i + 0.4) / shown.length)
    const island = islandAt(own, 240 + 176 * reach * Math.cos(angle), 100 + 66 * reach * Math.sin(angle), LOBES[type])
    const radius = size * (0.75 + 0.5 * own())
    land[type] += ring(island, radius * 1.3, radius * 0.9, 0.17, 8)
    shoal += ring(island, radius * 1.3 + size * 0.5, radius * 0.9 + size * 0.45, 0.1, 8)
  })
  const sea = islandAt(random, 240, 100, 3)
  const deep = [ring(sea, 252, 106, 0.02, 10), ring(sea, 232, 94, 0.04, 10)].map((d) => `<path d="${d}"/>`).join('')
  const lands = Object.entries(land).map(([type, d]) => (d ? `<path class="${type}" d="${d}"/>` : ''))
  return `<svg class="isles" viewBox="0 0 480 200" aria-hidden="true">${deep}<path d="${shoal}"/>${lands.join('')}</svg>`
}

/** One island as paths, the shoal around it and the land; `radius` is half its width, its height is less. */
export function isleRings(seed: string, x: number, y: number, radius: number): { shoal: string; land: string } {
  const island = islandAt(randomFrom(seed), x, y, 3)
  return { shoal: ring(island, radius + 10, radius * 0.62 + 9, 0.1, 8), land: ring(island, radius, radius * 0.62, 0.15, 8) }
}

/** The paths of a banner, from the deepest to the land: a main island and a far one, clear of each other. */
function strip(random: () => number, lobes: number): string[] {
  const left = random() < 0.5
  const wide = 0.85 + random() * 0.3
  const x = 120 + random() * 50
  const farX = x + 262 * wide + random() * 20
  const main = islandAt(random, left ? x : 480 - x, 17 + random() * 6, lobes)
  const far = islandAt(random, left ? farX : 480 - farX, 15 + random() * 10, lobes)
  const around = (island: Island, rx: number, ry: number, wobble: number, corners: number) => ring(island, rx * wide, ry, wobble, corners)
  return [
    around(main, 195, 54, 0.06, 7),
    around(main, 132, 35, 0.08, 7) + around(far, 60, 22, 0.07, 6),
    around(main, 80, 22.5, 0.11, 8) + around(far, 40, 15, 0.09, 6),
    around(main, 38, 12.5, 0.18, 8) + around(far, 20, 8.5, 0.16, 6),
  ]
}

function islandAt(random: () => number, x: number, y: number, lobes: number): Island {
  return { x, y, lobes, phase: random() * 6.28, turn: random() * 6.28 }
}

/** A closed, gently irregular curve around an island; `wobble` is how far it leaves the ellipse, 0 to 1. */
function ring({ x, y, lobes, phase, turn }: Island, rx: number, ry: number, wobble: number, count: number): string {
  const xs: number[] = []
  const ys: number[] = []
  for (let i = 0; i < count; i++) {
    const angle = (i / count) * 2 * Math.PI + turn
    const reach = 1 + wobble * Math.cos(lobes * angle + phase) + wobble * 0.6 * Math.sin((lobes + 1) * angle - phase)
    xs.push(even(x + rx * reach * Math.cos(angle)))
    ys.push(even(y + ry * reach * Math.sin(angle)))
  }
  return closedCurve(xs, ys)
}

/** A closed quadratic B-spline. Its corners are even numbers, so the middles between them are whole and each reflected handle of `t`
 *  falls exactly on the next corner: two numbers a corner, and no kink by rounding. */
function closedCurve(xs: number[], ys: number[]): string {
  const count = xs.length
  const startX = (xs[0]! + xs[1]!) / 2
  const startY = (ys[0]! + ys[1]!) / 2
  let path = `M${pair(startX, startY)}q${pair(xs[1]! - startX, ys[1]! - startY)}`
  for (let i = 0; i < count; i++) {
    // From the middle of one side to the middle of the next.
    const step = pair((xs[(i + 2) % count]! - xs[i]!) / 2, (ys[(i + 2) % count]! - ys[i]!) / 2)
    path += i > 0 ? `t${step}` : step.startsWith('-') ? step : ` ${step}`
  }
  return `${path}z`
}

function even(value: number): number {
  return 2 * Math.round(value / 2)
}

function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`
}
