import { isDeepStrictEqual } from 'node:util'
import { diffWords } from 'diff'
import type { Group } from '../schema-types.ts'
import { isPublic } from './present.ts'
import { tellField } from './present-conflict.ts'
import type { Words } from './view-list.ts'

type Field = keyof Group

/** What one field said before and says after, in the reader's language. */
export interface Change {
  field: Field
  /** A text, piece by piece; undefined for what is a list or a single value. */
  pieces?: { kind: 'same' | 'added' | 'removed'; text: string }[]
  removed: string[]
  added: string[]
  /** Neither: the same words, in another order or with other spaces. */
  moved: boolean
}

const texts = new Set<Field>(['name', 'summary', 'description', 'place'])
const longestSame = 160
// Milliseconds: twice what a text of 5,000 signs with nothing in common takes. A page has twenty of them.
const patience = 100

/** The fields that differ, in the schema's order. */
export function changesOf(before: Partial<Group>, after: Group, words: Words): Change[] {
  return changedFields(before, after).map((field) => changeOf(field, before as Group, after, words))
}

export function changedFields(before: Partial<Group>, after: Partial<Group>): Field[] {
  const fields = [...new Set([...Object.keys(after), ...Object.keys(before)])] as Field[]
  return fields.filter((field) => !isDeepStrictEqual(before[field], after[field]))
}

/** A former record as everyone may see it: links for insiders are left out unless the group showed them then and shows them now. */
export function withoutInside(group: Group, shownNow: Group['publicServices']): Group {
  const { links, ...rest } = group
  const shown = links?.filter(({ service }) => isPublic(service, group.publicServices) && isPublic(service, shownNow))
  return shown?.length ? { ...rest, links: shown } : rest
}

function changeOf(field: Field, before: Group, after: Group, words: Words): Change {
  const pieces =
    texts.has(field) && before[field] && after[field] ? piecesOf(String(before[field]), String(after[field]), after.languages?.[0]) : undefined
  const [old, fresh] = pieces ? [[], []] : [tellField(field, before, words), tellField(field, after, words)]
  const removed = without(old, fresh)
  const added = without(fresh, old)
  const isMoved = pieces ? pieces.every(({ kind }) => kind === 'same') : removed.length + added.length === 0
  return { field, pieces: isMoved ? undefined : pieces, removed, added, moved: isMoved }
}

/** Word by word, as the language of the text knows words; what stayed the same for long is shortened. Texts too unlike each other come whole. */
function piecesOf(before: string, after: string, language: string | undefined): Change['pieces'] {
  const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' })
  const parts = diffWords(before, after, { intlSegmenter, timeout: patience })
  if (!parts)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  return parts.map(({ added, removed, value }, at) => {
    if (added) return { kind: 'added', text: value }
    return removed ? { kind: 'removed', text: value } : { kind: 'same', text: shorten(value, at === 0, at === parts.length - 1) }
  })
}

/** Keeps what is beside a change. */
function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= longestSame) return text
  const near = longestSame / 2
  const head = isFirst ? '' : text.slice(0, near).replace(/\S+$/, '')
  const tail = isLast ? '' : text.slice(-near).replace(/^\S+\s*/, '')
  return `${head}… ${tail}`
}

/** What is in the first list more often than in the second. */
function without(list: string[], others: string[]): string[] {
  const left = [...others]
  return list.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
