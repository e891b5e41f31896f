/** For addresses of lists. */
export const querySchema = { $ref: '/schemas/group-query.json' }

/** For addresses without choices. */
export const langOnly = { type: 'object', additionalProperties: false, properties: { lang: { $ref: '/schemas/group-query.json#/properties/lang' } } }
