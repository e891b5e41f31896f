import t from 'tap'
import { readTokens, weakPairs } from '../../server/look/contrast.ts'
import { accentStyles, legible } from '../../server/widget/accent.ts'
import { makeTestDeps, openSqlite } from '../helper.ts'

const { assets } = await makeTestDeps(await openSqlite(t))
const themes = readTokens(assets.styles)
// The corners of the cube of colours, and a grid inside it.
const steps = ['00', '33', '80', 'b3', 'ff']
const colours = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `${red}${green}${blue}`)))

t.test('any colour can be read in both themes', async (t) => {
  for (const colour of colours) {
    const [light, dark] = [legible(`#${colour}`, themes.light, '#000000'), legible(`#${colour}`, themes.dark, '#ffffff')]
    const weak = [...weakPairs({ ...themes.light, ...light }), ...weakPairs({ ...themes.dark, ...dark })]
    if (weak.length > 0 || !light.sea || !dark.sea) t.fail(`${colour}: ${JSON.stringify(weak)}`)
  }
  t.ok(weakPairs({ ...themes.light, sea: '#ffff00' }).length > 0, 'which is not so by itself')
})

t.test('a colour that can be read stays as it is, one that cannot keeps its hue', async (t) => {
  t.equal(legible('#0b5a6f', themes.light, '#000000').sea, '#0b5a6f')
  t.equal(legible('#ffd080', themes.dark, '#ffffff').sea, '#ffd080')
  t.match(legible('#ffee00', themes.light, '#000000').sea, /^#([4-9a-f].)([4-9a-f].)00$/, 'yellow darkened is still yellow')
  t.notMatch(legible('#000000', themes.dark, '#ffffff').sea, '#000000')
})

t.test('as rules for both themes; the sea of the map stays the sea', async (t) => {
  const css = accentStyles('aa0033', themes)
  t.match(css, /^:root\{--sea:#aa0033;/)
  t.match(css, `.map{--sea:${themes.light.sea}`)
  for (const way of ['@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--sea:', ':root[data-theme=dark]{--sea:'])
    t.ok(css.includes(way), way)
})
