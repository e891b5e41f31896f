/** A colour laid on another, and the contrast that WCAG 2.2 AA asks of it: 4.5 for text, 3 for controls and large shapes. */
export interface Pair {
  front: string
  back: string
  least: number
}
export type Tokens = Record<string, string>

const TEXT = 4.5
const SHAPE = 3

/** Every pair of tokens that the styles lay on each other. */
export const pairs: readonly Pair[] = [
  ...onEach(['ink', 'soft', 'sea', 'lagoon', 'sand', 'heather', 'coral'], ['paper', 'raised'], TEXT),
  ...onEach(['ink', 'soft', 'sea'], ['sea-wash'], TEXT),
  ...onEach(['sand'], ['sand-wash'], TEXT),
  ...onEach(['on-sea'], ['sea'], TEXT),
  ...onEach(['soft', 'sea'], ['paper', 'raised'], SHAPE),
]

/** The colours of both themes out of the tokens' style sheet; throws when the two ways into the dark differ. */
export function readTokens(css: string): { light: Tokens; dark: Tokens } {
  const light = colours(block(css, ':root {'))
  const asked = colours(block(css, ':root:not([data-theme=light]) {'))
  const chosen = colours(block(css, ':root[data-theme=dark] {'))
  if (JSON.stringify(asked) !== JSON.stringify(chosen)) throw new Error('The dark theme that is chosen is not the one that the device asks for.')
  return { light, dark: { ...light, ...chosen } }
}

/** The pairs of a theme that are too weak, with what they reach. */
export function weakPairs(tokens: Tokens): (Pair & { ratio: number })[] {
  return pairs
    .map((pair) => ({ ...pair, ratio: contrast(colour(tokens, pair.front), colour(tokens, pair.back)) }))
    .filter(({ ratio, least }) => ratio < least)
}

/** WCAG contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function onEach(fronts: string[], backs: string[], least: number): Pair[] {
  return fronts.flatMap((front) => backs.map((back) => ({ front, back, least })))
}

function block(css: string, selector: string): string {
  const start = css.indexOf(selector)
  if (start < 0) throw new Error(`The tokens have no ${selector}`)
  return css.slice(start, css.indexOf('}', start))
}

function colours(text: string): Tokens {
  return Object.fromEntries([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6})\b/gi)].map(([, name, value]) => [name, value]))
}

function colour(tokens: Tokens, name: string): string {
  const value = tokens[name]
  if (!value) throw new Error(`There is no token --${name}.`)
  return value
}
