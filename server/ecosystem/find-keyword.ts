import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import { indexIn } from '../catalogue/snapshot.ts'
import { notFound } from '../errors.ts'
import { toSlug } from '../text/fold.ts'
import * as urls from '../urls.ts'
import { nearKeywords } from './present.ts'

/** The slug, if it is registered or in use. Another spelling redirects; what nobody uses is a 404 with the keywords that look like it. */
export function findKeyword(
  request: FastifyRequest,
  reply: FastifyReply,
  state: CatalogueState,
  asked: string,
  to: (slug: string) => string,
): string | undefined {
  const slug = getKeyword(state, asked)
  if (slug === asked) return slug
  reply.redirect(urls.withQueryOf(request.url, to(slug)), 308)
  return undefined
}

/** The slug of a keyword in any spelling. Throws the same 404. */
export function getKeyword(state: CatalogueState, asked: string): string {
  const isKnown = (slug: string) => state.ecosystems.has(slug) || listHas(state, slug)
  const slug = isKnown(asked) ? asked : toSlug(asked)
  if (isKnown(slug)) return slug
  const near = nearKeywords(state, slug).map(({ keyword, label }) => ({ label, url: urls.ecosystem(keyword) }))
  throw notFound({ key: 'error.noKeyword', values: { keyword: asked.slice(0, 60) } }, near)
}

function listHas({ snapshot }: CatalogueState, slug: string): boolean {
  const index = indexIn(snapshot.keywordNames, slug)
  return index > 0 && snapshot.groupsOf.starts[index + 1]! > snapshot.groupsOf.starts[index]!
}
