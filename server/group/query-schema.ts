/** For addresses of lists. */
export const querySchema = { $ref: '/schemas/group-query.json' }
