import { type ContourType, contourSvg, islandSvg } from './contour.ts'
import type { Font } from './font.ts'

/** What a share picture says. Every text is optional but the fallback, which must be plain ASCII. */
export interface ShareSubject {
  title: string
  /** Stands in for a title in a script that the fonts do not have. */
  fallback: string
  /** One line above the title, in the colour of this type; ink if there is none. */
  kind: string
  type?: ContourType
  place?: string
  /** The server, at the foot. */
  server: string
  /** What is drawn across the top: one banner, or the islands of several groups. */
  motif: { seed: string; type: ContourType }[]
}

export const shareSize = { width: 1200, height: 630 }

const ink = '#14242C'
const soft = '#4A5C64'
/** Lagoon, sand and heather of the styles: each reads well on paper. */
const tones: Record<ContourType, string> = { thematic: '#1B7A6C', territorial: '#8A5A13', support: '#6A4A8C' }
const margin = 72
const band = 236
/** How much of a banner's 480 units fills the band. */
const closeUp = (40 * 1200) / band
const inside = shareSize.width - 2 * margin

/** The picture as SVG: the motif, then what it is, its name in up to three lines, where it is, and on which server. */
export function sharePictureSvg(subject: ShareSubject, fonts: Font[]): string {
  const bold = fonts.filter(({ weight }) => weight === 700)
  const plain = fonts.filter(({ weight }) => weight === 400)
  const title = drawable(subject.title, bold) ?? subject.fallback
  const place = subject.place && drawable(subject.place, plain)
  const { size, lines } = fit(title, bold)
  const top = band + 118
  const text = [
    line(subject.kind, { x: margin, y: band + 56, size: 30, fill: subject.type ? tones[subject.type] : soft, fonts: bold }),
    ...lines.map((words, at) => line(words, { x: margin, y: top + Math.round(size * 0.6 + at * size * 1.12), size, fill: ink, fonts: bold })),
    line(shorten(subject.server, 28, plain, 480), { x: margin, y: 582, size: 28, fill: soft, fonts: plain }),
  ]
  if (place) {
    const shown = shorten(place, 28, plain, 520)
    text.push(line(shown, { x: shareSize.width - margin - widthOf(shown, 28, plain), y: 582, size: 28, fill: soft, fonts: plain }))
  }
  const rule = `<path d="M${margin} 536h${inside}" stroke="#DAD7CB" stroke-width="2"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><path fill="#FBFAF5" d="M0 0h1200v630H0z"/>${motifSvg(subject.motif)}${rule}${text.join('')}</svg>`
}

/** A group's own banner, close up on its island; else the archipelago on the colour of the sea. */
function motifSvg(groups: ShareSubject['motif']): string {
  const place = `width="${shareSize.width}" height="${band}"`
  const [first] = groups
  if (first && groups.length === 1) {
    const banner = contourSvg(first.seed, first.type, { inline: false })
    // The land is the last path; its first point is on the shore of the greater island.
    const shore = Number(/.*d="M(\d+)/s.exec(banner)?.[1] ?? 240)
    const left = Math.max(0, Math.min(480 - closeUp, shore - closeUp / 2))
    return banner.replace(/width="\d+" height="\d+" viewBox="[^"]*"/, `${place} viewBox="${left} 0 ${closeUp} 40"`)
  }
  const style = Object.entries(tones).map(([type, tone]) => `.isles path.${type}{fill:${tone};fill-opacity:.8;stroke:${tone};stroke-opacity:1}`)
  const sea = '.isles path{fill:#0B5A6F;fill-opacity:.06;stroke:#0B5A6F;stroke-opacity:.35}'
  const isles = islandSvg(groups).replace(
    'viewBox="0 0 480 200"',
    `xmlns="http://www.w3.org/2000/svg" ${place} viewBox="-130 4 740 192" preserveAspectRatio="xMidYMid slice"`,
  )
  return `<style>${sea}${style.join('')}</style><path fill="#E3EEEF" d="M0 0h${shareSize.width}v${band}H0z"/>${isles}`
}

/** The text without what never has a glyph (emoji, control and direction marks), or undefined if another character is missing. */
function drawable(text: string, fonts: Font[]): string | undefined {
  const kept = text
    .normalize('NFC')
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\p{Cc}|\p{Cf}|\ufe0f/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  return kept !== '' && [...kept].every((character) => fontOf(character, fonts)) ? kept : undefined
}

/** The greatest size at which the words take at most three lines; what is still too long ends in an ellipsis. */
function fit(text: string, fonts: Font[]): { size: number; lines: string[] } {
  for (const { size, most } of [
    { size: 88, most: 1 },
    { size: 72, most: 2 },
    { size: 52, most: 3 },
  ]) {
    const lines = wrap(text, size, fonts)
    if (lines.length <= most) return { size, lines }
  }
  const lines = wrap(text, 44, fonts)
  return { size: 44, lines: lines.length <= 3 ? lines : [...lines.slice(0, 2), shorten(lines.slice(2).join(' '), 44, fonts, inside)] }
}

function wrap(text: string, size: number, fonts: Font[]): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').flatMap((one) => cut(one, size, fonts))) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && widthOf(longer, size, fonts) <= inside) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** A word wider than the picture, in pieces. */
function cut(word: string, size: number, fonts: Font[]): string[] {
  const pieces = ['']
  for (const character of word) {
    if (widthOf(pieces.at(-1) + character, size, fonts) > inside) pieces.push('')
    pieces[pieces.length - 1] += character
  }
  return pieces
}

function shorten(text: string, size: number, fonts: Font[], width: number): string {
  if (widthOf(text, size, fonts) <= width) return text
  let kept = text
  while (kept && widthOf(`${kept}…`, size, fonts) > width) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}

function widthOf(text: string, size: number, fonts: Font[]): number {
  return [...text].reduce((sum, character) => sum + (fontOf(character, fonts)?.widths.get(character.codePointAt(0)!) ?? 0.6), 0) * size
}

function fontOf(character: string, fonts: Font[]): Font | undefined {
  return fonts.find(({ widths }) => widths.has(character.codePointAt(0)!))
}

interface LineStyle {
  x: number
  y: number
  size: number
  fill: string
  fonts: Font[]
}

/** One line of text. Each run of characters stands alone in the font that has it: the renderer's own search for missing ones fails on accents. */
function line(text: string, { x, y, size, fill, fonts }: LineStyle): string {
  const runs: { font: Font | undefined; text: string; x: number }[] = []
  let at = x
  for (const character of text) {
    const font = fontOf(character, fonts) ?? fonts[0]
    if (runs.length > 0 && runs.at(-1)!.font === font) runs.at(-1)!.text += character
    else runs.push({ font, text: character, x: at })
    at += widthOf(character, size, fonts)
  }
  // Pairs of letters move closer, and the next run would not know.
  const kerning = runs.length > 1 ? ' font-kerning="none"' : ''
  return runs
    .map((run) => {
      const font = `font-family="${run.font?.family}" font-weight="${run.font?.weight}" font-size="${size}"${kerning}`
      return `<text x="${run.x.toFixed(1)}" y="${y}" ${font} fill="${fill}" xml:space="preserve">${xml(run.text)}</text>`
    })
    .join('')
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
