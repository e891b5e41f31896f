import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import { loadTranslations, translator } from '../../server/text/translate.ts'

const site = loadTranslations(`${import.meta.dirname}/../../views/locale`)

t.test('keys are dotted, values are put in, plurals follow the language', async (t) => {
  const dir = t.testdir({
    'fr.json': '{"a": {"b": {"c": "{n, plural, one {# groupe} other {# groupes}}"}}, "tag": "<b> {x}", "say": "«\u00a0{name}\u00a0»"}',
    'en.json': '{"a": {"b": {"c": "{n, plural, one {# group} other {# groups}}"}}}',
  })
  const translations = loadTranslations(dir)
  const fr = translator(translations, 'fr')
  t.equal(fr('a.b.c', { n: 0 }), '0 groupe')
  t.equal(fr('a.b.c', { n: 20000 }), '20\u202f000 groupes')
  t.equal(translator(translations, 'en')('a.b.c', { n: 0 }), '0 groups')
  t.equal(fr('tag', { x: '<i>' }), '<b> <i>')
  t.equal(fr('say', { name: '{evil}' }), '«\u00a0{evil}\u00a0»')
  t.throws(() => fr('a.b'), /No sentence in fr for a\.b/)
  t.throws(() => fr('constructor'), /No sentence/)
  t.throws(() => fr('say'), /name/)
})

t.test('every sentence exists in both languages, with the same values', async (t) => {
  t.same([...site.fr.keys()].sort(), [...site.en.keys()].sort())
  for (const [key, text] of site.fr) t.same(valuesOf(text), valuesOf(site.en.get(key) ?? ''), key)
})

/** The names of the values that an ICU message asks for, sorted. */
function valuesOf(text: string): string[] {
  const names = new Set<string>()
  const walk = (nodes: unknown): void => {
    if (!nodes || typeof nodes !== 'object') return
    const { type, value } = nodes as { type?: unknown; value?: unknown }
    // Literals (0) and the # of a plural (7) name nothing.
    if (typeof type === 'number' && type !== 0 && type !== 7 && typeof value === 'string') names.add(value)
    for (const inner of Object.values(nodes)) walk(inner)
  }
  walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst())
  return [...names].sort()
}
