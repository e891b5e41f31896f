import t from 'tap'
import { changesOf } from '../../server/group/history-changes.ts'
import { loadGazetteer } from '../../server/place/gazetteer.ts'
import { suggest } from '../../server/place/suggest.ts'
import { formats } from '../../server/text/format.ts'
import { renderMarkdown } from '../../server/text/markdown.ts'
import { nested } from '../text/nesting.ts'
import { group } from '../world.ts'

// What depends on the machine: run by itself, on one that has nothing else to do.
function milliseconds(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

t.test('a suggestion takes less than ten milliseconds', async (t) => {
  const gazetteer = await loadGazetteer()
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const begun = letters.flatMap((a) => ['', ...letters].map((b) => a + b))
  const times = begun.map((text) => milliseconds(() => suggest(gazetteer, text, { country: 'FR', locale: 'fr' }))).sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor((times.length - 1) * part)]!
  t.comment(`one or two letters: median ${at(0.5).toFixed(2)} ms, p95 ${at(0.95).toFixed(2)} ms, worst ${at(1).toFixed(2)} ms`)
  t.ok(at(0.95) < 10)
})

t.test('texts of 5,000 signs: nested as Markdown, with nothing in common as changes', async (t) => {
  for (const text of nested) t.ok(milliseconds(() => renderMarkdown(text)) < 1000, text.slice(0, 10))
  const long = (word: string) => Array.from({ length: 800 }, (_, at) => `${word}${at}`).join(' ')
  const [one, other] = [long('x'), long('Y')].map((description) => group({ shortName: 'a', description: description.slice(0, 4990) }))
  const words = { t: (key: string) => key, format: formats('fr'), locale: 'fr' } as const
  t.ok(milliseconds(() => changesOf(one!, other!, words)) < 2000)
})
