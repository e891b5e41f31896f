/** Several texts in one cell, joined by `separator`; inside a text the separator and the backslash are escaped by a backslash. */
export function joinItems(items: string[], separator = '|'): string {
  return items.map((item) => item.replaceAll('\\', '\\\\').replaceAll(separator, `\\${separator}`)).join(separator)
}

/** The texts of `joinItems`. A backslash before anything else stands for itself. */
export function splitItems(text: string, separator = '|'): string[] {
  const items = ['']
  for (let at = 0; at < text.length; at++) {
    const [char, next] = [text[at]!, text[at + 1]]
    if (char === '\\' && (next === '\\' || next === separator)) {
      items.push(items.pop()! + next)
      at++
    } else if (char === separator) items.push('')
    else items.push(items.pop()! + char)
  }
  return items
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does one that looks as if it had got one:
 * taking one apostrophe off gives back what was written, whatever it was. A negative number is no formula. The same after each
 * semicolon, tab and end of line: where a spreadsheet splits our rows there instead of at commas, a cell begins.
 */
export function neutralise(cell: string): string {
  return cell.replace(formulas, "'")
}

/** The text that `neutralise` was given. */
export function restore(cell: string): string {
  return cell.replace(neutralised, '')
}

// What a formula begins with, perhaps in quotes; in full width too.
const sign = '[\'"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]'
const first = `(?=['"]*[\t\r\n]|${sign})(?!['"]*-\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?$)`
// Items of a Markdown list stay as they are, unless they hold what a formula needs to do harm.
const item = '(?<=[\r\n])- [^(|!\r\n]*(?:[\r\n]|$)'
const formulas = new RegExp(`^${first}|(?<=[;\t\r\n])(?=${sign})(?!${item})`, 'gi')
const neutralised = new RegExp(`^'${first}|(?<=[;\t\r\n])'(?=${sign})`, 'gi')
