import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { listGroups } from '../group/list.ts'
import { toCard } from '../group/present.ts'
import { toGroupPage } from '../group/present-page.ts'
import { readSearch } from '../group/query.ts'
import { readerContext, wordsOf } from '../group/reader.ts'
import { toGroup } from '../group/row.ts'
import { findSurroundings } from '../group/surroundings.ts'
import { toListView } from '../group/view-list.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'

/** Every component on one page, with the groups that are there; in development only. */
export function registerPatterns(app: FastifyInstance, deps: Deps): void {
  app.get('/patterns', { schema: { querystring: langOnly } }, async (request, reply) => {
    const result = await listGroups(deps, readSearch({ activity: ['any'], size: 12 }))
    const [row] = result.rows
    if (!row) throw notFound()
    const context = readerContext(request, deps, result.state)
    const around = await findSurroundings(deps.db, result.state, row, toGroup(row))
    return reply.page('site/patterns', {
      page: pageFrame(request, deps.config, { title: 'Patterns', description: 'Every component.', robots: 'noindex' }),
      cards: result.rows.map((one) => toCard(one, context)),
      list: toListView(result, wordsOf(request), context, '/patterns'),
      group: toGroupPage(row, around, context),
    })
  })
}
