const lang = { $ref: '/schemas/group-query.json#/properties/lang' } as const

/** For addresses without choices. */
export const langOnly = { type: 'object', additionalProperties: false, properties: { lang } } as const

/** For addresses with a few of their own besides. */
export function langAnd<T extends object>(properties: T) {
  return { ...langOnly, properties: { ...properties, lang } }
}
