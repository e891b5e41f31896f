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
 * A cell that a spreadsheet would take for a formula gets an apostrophe before it, and so does one that looks as if it had got one:
 * taking one apostrophe off such a cell gives back what was written, whatever it was. A negative number is no formula.
 */
export function neutralise(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell
}

/** The text that `neutralise` was given. */
export function restore(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

const formula = /^'*(?!-\d+(\.\d+)?(e[+-]?\d+)?$)[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/i
