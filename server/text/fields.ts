/** The fields of a form or an address: one sent once is text, several times a list. In one pass, however many there are. */
export function toFields(params: Iterable<[name: string, value: string]>): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>()
  for (const [name, value] of params) {
    const known = fields.get(name)
    if (known === undefined) fields.set(name, value)
    else if (Array.isArray(known)) known.push(value)
    else fields.set(name, [known, value])
  }
  return Object.fromEntries(fields)
}
