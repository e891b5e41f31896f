import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { contrast, pairs, readTokens, weakPairs } from '../../server/look/contrast.ts'

const folder = new URL('../../static/css/', import.meta.url)
const sheets = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
const tokens = readTokens(sheets.find(({ name }) => name.includes('tokens'))!.text)

t.test('contrast is the one of WCAG', async (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21)
  t.equal(contrast('#0b5a6f', '#0b5a6f'), 1)
  t.equal(Math.round(contrast('#777777', '#ffffff') * 100), 448)
})

for (const theme of ['light', 'dark'] as const) {
  t.test(`every pair of tokens can be read in the ${theme} theme`, async (t) => {
    t.same(weakPairs(tokens[theme]), [])
    t.ok(pairs.length >= 18)
  })
}

t.test('a weak colour is found, a missing one and two dark themes are refused', async (t) => {
  const weak = weakPairs({ ...tokens.light, soft: '#b0b0b0' })
  t.ok(weak.some(({ front, back, ratio }) => front === 'soft' && back === 'paper' && ratio < 3))
  t.throws(() => weakPairs({ paper: '#ffffff' }), /no token/)
  t.throws(() => readTokens(':root { --a: #000000 }'), /tokens have no/)
  t.throws(() => readTokens(':root { } :root:not([data-theme=light]) { --a: #000000 } :root[data-theme=dark] { --a: #000001 }'), /dark theme/)
})

t.test('the themes are those of the chart', async (t) => {
  t.match(tokens.light, { paper: '#FBFAF5', ink: '#14242C', sea: '#0B5A6F', sand: '#8A5A13', 'sand-wash': '#F3E6C8', coral: '#B23A24' })
  t.match(tokens.dark, { paper: '#0D191F', ink: '#EAF1EF', sea: '#6CC7D6', sand: '#EBC983', 'sand-wash': '#3A2D12', coral: '#FF9B85' })
})

t.test('styles name their colours by token, use logical directions and no other host', async (t) => {
  for (const { name, text } of sheets) {
    if (!name.includes('tokens')) t.notMatch(text, /#[0-9a-f]{3,8}\b(?=[^{]*[;}])/i, `${name} has no colour of its own`)
    t.notMatch(
      text,
      /\b(margin|padding|border|inset)-(left|right|top|bottom)\b|[\s;{](left|right|top|bottom)\s*:|text-align:\s*(left|right)/,
      `${name} is logical`,
    )
    t.notMatch(text, /url\((?!\/static\/)/, `${name} asks for its own files only`)
    const asked = [...text.matchAll(/var\(--([a-z0-9-]+)\)/g)].map(([, token]) => token as string)
    const known = sheets.flatMap((sheet) => [...sheet.text.matchAll(/--([a-z0-9-]+):/g)].map(([, token]) => token as string))
    t.same(
      asked.filter((token) => !known.includes(token)),
      [],
      `${name} uses tokens that exist`,
    )
  }
})
