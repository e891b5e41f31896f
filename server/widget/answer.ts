import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogueState } from '../catalogue/catalogue.ts'
import type { Deps } from '../deps.ts'
import { isKnown } from '../http/cache.ts'
import { type WidgetFrame, widgetFrame } from '../http/widget-frame.ts'
import * as urls from '../urls.ts'
import type { WidgetKind, WidgetOptions } from './options.ts'

/** Five minutes by itself; a day while a newer one is fetched. */
const cacheControl = 'public, max-age=300, stale-while-revalidate=86400'

/** `isKnown` for a widget: what it shows may be kept by anybody, as it is the same for everybody of one language. */
export function isKnownWidget(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: Pick<Deps, 'config'>,
  state: CatalogueState,
  { lang }: Pick<WidgetOptions, 'lang'>,
): boolean {
  const of = [config.publicUrl, state.version]
  return isKnown(request, reply, { of, modified: state.changedAt, byLanguage: lang === 'auto' && 'header', cacheControl })
}

export function frameOf(
  request: FastifyRequest,
  { assets, config }: Pick<Deps, 'assets' | 'config'>,
  widget: { kind: WidgetKind; options: Pick<WidgetOptions, 'theme' | 'accent' | 'heading'>; heading: string; headed?: boolean; siteUrl: string },
): WidgetFrame {
  const { kind, options, heading, headed, siteUrl } = widget
  const { accent } = options
  const stylesUrl = accent === undefined ? undefined : urls.embedStyles(accent, assets.url('embed.css').split('?v=')[1] ?? '')
  return widgetFrame({ publicUrl: config.publicUrl, kind, lang: request.locale, asked: options, heading, headed, siteUrl, stylesUrl })
}

/** The address asked for, with another path: where a moved group or another spelling leads, choices and all. */
export function samePlace(request: FastifyRequest, path: string): string {
  const query = request.url.indexOf('?')
  return query < 0 ? path : path + request.url.slice(query)
}
