/** One clean line: white space joined, control characters and broken surrogates gone. Absent if nothing is left. */
export function toLine(text: string | undefined): string | undefined {
  return cleaned(text)?.replace(/\s+/g, ' ').trim() || undefined
}

/** Clean paragraphs, without e-mail addresses or sentences that name a person. Absent if nothing is left. */
export function toText(text: string | undefined): string | undefined {
  const paragraphs = cleaned(text)?.split(/\n\s*\n/) ?? []
  return (
    paragraphs
      .map((paragraph) => withoutPeople(paragraph.replace(/\s+/g, ' ').trim()))
      .filter(Boolean)
      .join('\n\n') || undefined
  )
}

/** The text without web addresses and what pointed to them: "Mapping in Galicia: https://…" → "Mapping in Galicia". */
export function withoutUrls(text: string): string {
  return text
    .replace(address, '')
    .replace(/\s+([.,!?)])/g, '$1')
    .replace(/[\s:;,([–-]+$/, '')
    .trim()
}

/** At most `most` characters, cut after a sentence if a good half is kept, else after a word, with an ellipsis. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const start = text.slice(0, most)
  const sentence = Math.max(start.lastIndexOf('. '), start.lastIndexOf('! '), start.lastIndexOf('? '))
  if (sentence >= most / 2) return start.slice(0, sentence + 1)
  const word = start.slice(0, most - 1).replace(/\s+\S*$/, '')
  return `${word
    .replace(/[\s,;:–-]+$/, '')
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`
}

/** Plain text as Markdown that shows the same: addresses become links, signs of Markdown are escaped. */
export function toMarkdown(text: string): string {
  const pieces = text.split(address)
  const links = text.match(address) ?? []
  return pieces.map((piece, place) => piece.replace(/[\\`*_[\]<>~|]/g, '\\$&') + (links[place] ? `<${links[place]}>` : '')).join('')
}

const address = /(?:https?:\/\/|xmpp:)[^\s<>]*[^\s<>.,;:!?)'"”’]/g

function cleaned(text: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text?.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffd]+/g, ' ')
}

/** The index is a list of groups: who founded or presides one is that person's to tell. */
function withoutPeople(paragraph: string): string {
  return sentences(paragraph)
    .filter((sentence) => !namesPerson.test(sentence))
    .join(' ')
}

const namesPerson =
  /\b(?:Dr|Prof|Professor|Mrs?|Ms)\b\.? ?[A-Z]|founded by [A-Z]|\bpresident of the (?:chapter|group|club)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/

/** Some entries have no space after a full stop; "Dr. X" and "J.U. X" are not ends of sentences. */
function sentences(paragraph: string): string[] {
  const ending = /https?:|www\./.test(paragraph) ? /\s+/ : /\s*/
  return paragraph.split(new RegExp(`(?<=[\\p{Ll}\\p{N})"”]{2}[.!?])(?<!\\b(?:Dr|Prof|Mr|Mrs|Ms)\\.)${ending.source}(?=[A-Z“]|"[A-Z])`, 'u'))
}
