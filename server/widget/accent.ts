import { contrast, type Tokens, weakPairs } from '../look/contrast.ts'

interface Themes {
  light: Tokens
  dark: Tokens
}

/** Rules that put a colour (`rrggbb`) in the place of the sea in both themes: as near to it as everything laid on it and under it can be read. */
export function accentStyles(accent: string, themes: Themes): string {
  const light = declarations(legible(`#${accent}`, themes.light, '#000000'))
  const dark = declarations(legible(`#${accent}`, themes.dark, '#ffffff'))
  // The sea of the map stays the sea.
  const [sea, night] = [declarations(seaOf(themes.light)), declarations(seaOf(themes.dark))]
  const rules = (scope: string) => `${scope}{${dark}}${scope} .map{${night}}`
  return `:root{${light}}.map{${sea}}@media (prefers-color-scheme:dark){${rules(':root:not([data-theme=light])')}}${rules(':root[data-theme=dark]')}`
}

/** The first of the colours between this one and its `end` (black, white) that makes no pair of tokens too weak. */
export function legible(colour: string, theme: Tokens, end: string): Tokens {
  for (let step = 0; step <= 50; step++) {
    const tokens = accentTokens(mix(colour, end, step / 50), theme)
    if (weakPairs({ ...theme, ...tokens }).length === 0) return tokens
  }
  return {}
}

function accentTokens(sea: string, { paper = '#ffffff' }: Tokens): Tokens {
  const onSea = contrast('#ffffff', sea) >= 4.5 ? '#ffffff' : '#0d191f'
  return { sea, 'sea-wash': mix(paper, sea, 0.1), 'on-sea': onSea }
}

function seaOf(theme: Tokens): Tokens {
  return Object.fromEntries(Object.entries(theme).filter(([name]) => /^(on-)?sea(-wash)?$/.test(name)))
}

/** `share` of the other colour in the first. */
function mix(one: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [from, to] = [one, other].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number]
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}

function declarations(tokens: Tokens): string {
  return Object.entries(tokens)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')
}
