import type { FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import type { Deps } from '../deps.ts'
import { formats } from '../text/format.ts'
import type { ReaderContext } from './present.ts'
import type { Words } from './view-list.ts'

/** The words and formats of the reader's language. */
export function wordsOf(request: FastifyRequest): Words {
  return { t: request.t, format: formats(request.locale), locale: request.locale }
}

/** What presenting groups to this reader needs. */
export function readerContext(
  request: FastifyRequest,
  deps: Pick<Deps, 'config' | 'clock'>,
  { ecosystems, sources, twins }: CatalogueState,
): ReaderContext {
  return { publicUrl: deps.config.publicUrl, ecosystems, sources, twins, format: formats(request.locale), now: deps.clock() }
}
