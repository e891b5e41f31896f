export type Theme = 'light' | 'dark'

/** The chart's colours (static/css/72-base-map.css, mixed): a picture in a page cannot use the page's styles. */
const colours: Record<Theme, Record<'sea' | 'land' | 'coast' | 'border' | 'mark' | 'name' | 'thematic' | 'territorial' | 'support', string>> = {
  light: {
    sea: '#DCE5E4',
    land: '#FAF6EA',
    coast: '#5A8F9B',
    border: '#8D9798',
    mark: '#0B5A6F',
    name: '#4A5C64',
    thematic: '#1B7A6C',
    territorial: '#8A5A13',
    support: '#6A4A8C',
  },
  dark: {
    sea: '#193038',
    land: '#222826',
    coast: '#4C8E9B',
    border: '#767F80',
    mark: '#6CC7D6',
    name: '#A9BCC0',
    thematic: '#63CDB9',
    territorial: '#EBC983',
    support: '#C3A8E6',
  },
}

/** A static map as a file of its own, in one theme's colours: attributes stand for the classes. */
export function toPicture(svg: string, theme: Theme): string {
  const paints = paintsOf(theme)
  const painted = svg.replace(/class="([^"]+)"/g, (_, name: string) => paints[name] ?? '')
  return painted.replace(/^<svg ([^>]*)>/, `<svg xmlns="http://www.w3.org/2000/svg" $1><path fill="${colours[theme].sea}" d="M0 0h2000v2000H0z"/>`)
}

function paintsOf(theme: Theme): Record<string, string> {
  const { land, coast, sea, border, mark, name, ...types } = colours[theme]
  const marks = Object.entries(types).map(([type, colour]) => [`map-mark ${type}`, `fill="${colour}" stroke="${land}" stroke-width="1.5"`])
  return {
    'static-map': 'fill="none" fill-rule="evenodd" stroke-linejoin="round"',
    'base-land': `fill="${land}" stroke="${coast}" stroke-width=".8"`,
    'map-seam': `stroke="${land}" stroke-width="2"`,
    'base-lake': `fill="${sea}" stroke="${coast}" stroke-width=".5"`,
    'base-border': `stroke="${border}" stroke-width=".9" stroke-dasharray="5 2 1 2"`,
    'map-area': `fill="${mark}" fill-opacity=".22" stroke="${mark}" stroke-dasharray="4 3"`,
    'map-dot': `fill="${mark}" fill-opacity=".8" stroke="${land}"`,
    'map-towns': `fill="${name}" font-size="11" font-family="sans-serif" text-anchor="middle" paint-order="stroke" stroke="${land}" stroke-width="2.5"`,
    ...Object.fromEntries(marks),
  }
}
