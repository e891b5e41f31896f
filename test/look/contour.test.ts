import { brotliCompressSync } from 'node:zlib'
import t from 'tap'
import { type ContourType, contourSvg, islandSvg } from '../../server/look/contour.ts'

const types: ContourType[] = ['thematic', 'territorial', 'support']
const seeds = Array.from({ length: 300 }, (_, i) => `group-${i}`)

t.test('the same seed gives the same drawing, another seed or type another one', async (t) => {
  const all = seeds.flatMap((seed) => types.map((type) => contourSvg(seed, type, { inline: true })))
  t.equal(new Set(all).size, all.length)
  t.same(
    seeds.flatMap((seed) => types.map((type) => contourSvg(seed, type, { inline: true }))),
    all,
  )
  t.equal(contourSvg('cyou1', 'thematic', { inline: true }), contourSvg('cyou1', 'thematic', { inline: true }))
})

t.test('a drawing is sound, small and without style', async (t) => {
  for (const seed of ['', 'a', 'é✳︎', '"<&>', ...seeds]) {
    for (const type of types) {
      const [inline, file] = [true, false].map((inline) => contourSvg(seed, type, { inline })) as [string, string]
      for (const svg of [inline, file]) if (!sound(svg)) t.fail(`${seed} ${type}: ${svg}`)
      if (inline.length > 700) t.fail(`${seed} ${type} weighs ${inline.length} bytes`)
    }
  }
  t.match(contourSvg('a', 'support', { inline: true }), /^<svg class="contour support" .*aria-hidden="true">/)
  t.match(contourSvg('a', 'support', { inline: false }), /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="1920" height="160" /)
})

t.test('a page of 24 costs less than 5 KB', async (t) => {
  const page = seeds.slice(0, 24).map((seed, i) => contourSvg(seed, types[i % 3]!, { inline: true }))
  t.ok(brotliCompressSync(page.join('\n')).length < 5000)
})

t.test('curves are closed: each path comes back to where it began', async (t) => {
  for (const seed of seeds.slice(0, 50)) {
    for (const [, path] of contourSvg(seed, 'territorial', { inline: true }).matchAll(/M([-\d][^z]*)z/g))
      t.same(endOf(path as string), startOf(path as string))
  }
})

t.test('an archipelago has an island for each of its first 24 groups', async (t) => {
  for (const count of [0, 1, 2, 5, 24, 60]) {
    const svg = islandSvg(seeds.slice(0, count).map((seed, i) => ({ seed, type: types[i % 3]! })))
    t.ok(sound(svg))
    const islands = [...svg.matchAll(/<path class="\w+" d="([^"]*)"/g)].flatMap(([, d]) => [...d!.matchAll(/M/g)])
    t.equal(islands.length, Math.min(count, 24))
    t.ok(svg.length < 4000)
  }
  t.not(islandSvg([{ seed: 'a', type: 'support' }]), islandSvg([{ seed: 'b', type: 'support' }]))
})

/** Well-formed for what we write: tags balance, attributes are quoted, paths hold numbers only. */
function sound(svg: string): boolean {
  const open: string[] = []
  for (const [, end, name, attributes, empty] of svg.matchAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*")*)(\/?)>/g)) {
    if (end && open.pop() !== name) return false
    if (!end && !empty) open.push(name as string)
    if (/\bstyle=/.test(attributes ?? '')) return false
  }
  const paths = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d as string)
  return (
    open.length === 0 &&
    svg.replace(/<[^<>]*>/g, '') === '' &&
    paths.length > 0 &&
    paths.every((d) => /^[-\dMmqtshv. z]*$/i.test(d) && !d.includes('NaN'))
  )
}

function startOf(path: string): number[] {
  return (path.match(/^-?\d+[ ]?-?\d+/)?.[0].match(/-?\d+/g) ?? []).map(Number)
}

function endOf(path: string): number[] {
  const moves = path.split(/[qt]/).map((part) => (part.match(/-?\d+/g) ?? []).map(Number))
  return moves.reduce(([x, y], move) => [(x as number) + (move.at(-2) as number), (y as number) + (move.at(-1) as number)], [0, 0])
}
