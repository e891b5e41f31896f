import t from 'tap'
import { fold, toSlug } from '../../server/text/fold.ts'
import { questionTerms, termsOf, words } from '../../server/text/words.ts'

/** A text answers a question if it holds, for every term, the word, one it begins, or a stem. */
function answers(text: string, question: string): boolean {
  const terms = words(text).flatMap(termsOf)
  return questionTerms(question).every(({ word, prefix, stems }) =>
    terms.some((term) => term === word || (prefix && term.startsWith(word)) || stems.includes(term)),
  )
}

t.test('fold and slug', async (t) => {
  t.equal(fold('Œuvre ÉTÉ Straße Łódź'), 'oeuvre ete strasse lodz')
  t.equal(toSlug('Énergie'), 'energie')
  t.equal(toSlug('  Logiciel libre & communs ! '), 'logiciel-libre-communs')
  t.equal(toSlug('東京'), '東京')
  t.equal(toSlug('!!!'), '')
})

t.test('word forms, beginnings, accents, ligatures and scripts', async (t) => {
  for (const [text, question] of [
    ['une élection locale', 'élections'],
    ['les coopératives du pays', 'coopérative'],
    ['coopérative', 'coopératives'],
    ['the communities of mappers', 'community'],
    ['œuvre commune', 'oeuvre'],
    ['oeuvre commune', 'Œuv'],
    ['Jardin partagé', 'jard'],
    ["l'électricité", 'élec'],
    ['électricité', "l'élec"],
    ['le bénévolat', 'bénévoles'],
    ['東京サイクリング協会', '東京'],
    ['مجموعة الحدائق', 'مجموعة'],
    ['हिन्दी समूह', 'हिन्दी'],
    ['Ελληνική ομάδα', 'ελλην'],
    ['de la', 'de la'],
    ['les animaux', 'animal'],
    ['un animal', 'animaux'],
    ['des chevaux', 'cheval'],
    ['le jardin', 'jardins'],
    ['nos jardins', 'jardin'],
  ] as const)
    t.ok(answers(text, question), `« ${text} » answers « ${question} »`)
})

t.test('what must not match', async (t) => {
  t.notOk(answers('les animaux', 'animateur'), 'a stem is never taken for a beginning')
  t.notOk(answers('jardin', 'jardinier potager'), 'every word must be there')
  t.same(questionTerms(' "!?% '), [], 'noise asks for nothing')
  t.equal(questionTerms('mot '.repeat(5000)).length, 1)
  t.ok(questionTerms(Array.from({ length: 500 }, (_, at) => `mot${at}`).join(' ')).length <= 12)
})
