import { fold } from '../text/fold.ts'

const saints: Record<string, string> = { st: 'saint', ste: 'sainte' }

/** A place's name as it is looked for: folded words with one space between them, « St-Étienne » as `saint etienne`. Empty if nothing is left. */
export function placeKey(name: string): string {
  return wordsOf(name)
    .map((word) => saints[word] ?? word)
    .join(' ')
}

/** What a name half typed may begin: `st` is a saint, or Stockholm to come. */
export function prefixKeys(text: string): string[] {
  const words = wordsOf(text)
  const asTyped = [...words.slice(0, -1).map((word) => saints[word] ?? word), ...words.slice(-1)].join(' ')
  return [...new Set([placeKey(text), asTyped])].filter(Boolean)
}

/** Every way a name is written: as it is, without its apostrophes, and without its article when `articles` lists it. */
export function writtenKeys(name: string, articles?: RegExp): string[] {
  const bare = articles ? name.replace(articles, '') : name
  return [...new Set([name, name.replace(apostrophes, ''), bare].map(placeKey))].filter(Boolean)
}

const apostrophes = /['’ʼʻ`]/g

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}
