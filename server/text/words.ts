import { stemmer as english } from '@orama/stemmers/english'
import { stemmer as french } from '@orama/stemmers/french'
import { once } from '../once.ts'
import { fold } from './fold.ts'

/** One word of a question: a group matches if its text holds any of these. */
export interface Term {
  /** Folded word; stands for every word it begins when `prefix` is set. */
  word: string
  prefix: boolean
  /** Marked stems, matched exactly. */
  stems: string[]
}

const longestWord = 60
const mostTerms = 12

/** What a word of a text can be found by: itself, folded, and its marked stems. */
export function termsOf(word: string): string[] {
  return [word, ...markedStems(word)]
}

/** What a question asks for: at most 12 different words, stop words dropped unless nothing else is left. */
export function questionTerms(question: string): Term[] {
  const asked = [...new Set(words(question))]
  const telling = asked.filter(isTelling)
  return (telling.length > 0 ? telling : asked).slice(0, mostTerms).map((word) => ({
    word,
    prefix: word.length >= 2,
    stems: [...new Set(siblings(word).flatMap(markedStems))],
  }))
}

/** Whether a folded word says something by itself: no article, no pronoun. */
export function isTelling(word: string): boolean {
  return !stopWords.has(word)
}

/** The words of a text, folded, in its order: one may come again. */
export function words(text: string): string[] {
  const folded = fold(text)
  const found = folded.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const split = unspaced.test(folded) ? found.flatMap((word) => (unspaced.test(word) ? segment(word) : [word])) : found
  return split.map((word) => (word.length > longestWord ? [...word].slice(0, longestWord).join('') : word))
}

/** Scripts written without spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const segmenter = once(() => new Intl.Segmenter('und', { granularity: 'word' }))

function segment(word: string): string[] {
  return [...segmenter().segment(word)].filter((part) => part.isWordLike).map((part) => part.segment)
}

/** A stem is marked by a digit, so that no word can be taken for one. */
function markedStems(word: string): string[] {
  return stems(word).map((stem) => `0${stem}`)
}

function stems(word: string): string[] {
  return /^[a-z]{3,}$/.test(word) ? [...new Set([french(word), english(word)])] : []
}

function siblings(word: string): string[] {
  const singular = word.replace(/s$/, '')
  const family = synonyms.find((one) => one.includes(word) || one.includes(singular))
  return family ? [word, ...family] : [word]
}

/** What no stemmer joins. */
const synonyms = [
  ['benevole', 'benevolat'],
  ['asso', 'association'],
  ['velo', 'bicyclette', 'cyclisme'],
  ['bike', 'bicycle', 'cycling'],
  ['ecole', 'scolaire'],
  ['carte', 'cartographie'],
  ['map', 'mapping'],
  ['logiciel', 'software'],
]

const stopWords = new Set(
  (
    'a au aux avec ce ces cette d dans de des du elle en et eux il ils je j l la le les leur leurs lui m ma mais me meme mes mon n ne nos notre nous on ou ' +
    'par pas pour qu que qui s sa se ses son sont sur t ta te tes toi ton tu un une vos votre vous c est y ' +
    'an and are as at be but by for from has have he her his in is it its not of or our she so that the their them they this to was we were with you your'
  ).split(' '),
)
