/** For addresses without choices. */
export const langOnly = { type: 'object', additionalProperties: false, properties: { lang: { $ref: '/schemas/group-query.json#/properties/lang' } } }
