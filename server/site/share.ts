import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listedSlots } from '../catalogue/keyword.ts'
import { types } from '../catalogue/snapshot.ts'
import type { Deps } from '../deps.ts'
import { findKeyword } from '../ecosystem/find-keyword.ts'
import { toKeywordRecord } from '../ecosystem/present.ts'
import { findEcosystem } from '../ecosystem/queries.ts'
import { findCurrent } from '../group/current.ts'
import { placeOf } from '../group/present.ts'
import { toGroup } from '../group/row.ts'
import { isKnown } from '../http/cache.ts'
import { langOnly } from '../http/lang-only.ts'
import { createPainter, type Painter } from '../look/painter.ts'
import type { ShareSubject } from '../look/share-picture.ts'
import { formats } from '../text/format.ts'
import { isLocale, type Locale } from '../text/translate.ts'
import * as urls from '../urls.ts'

/** The pictures shown where a group or an ecosystem is shared. One for all readers, in the language of its subject. */
export function registerSharePictures(app: FastifyInstance, deps: Deps): void {
  const painter = createPainter(join(deps.config.dataDir, 'fonts'))
  const server = new URL(deps.config.publicUrl).host

  app.get<{ Params: { shortName: string } }>('/g/:shortName/share.png', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.sharePicture(urls.group(name)))
    if (!row) return undefined
    const group = toGroup(row)
    const lang = localeOf(group.languages, deps)
    const subject = {
      title: row.name,
      fallback: row.short_name,
      kind: deps.views.words[lang]('share.group', { type: deps.views.words[lang](`type.${row.type}`) }),
      type: row.type,
      place: placeOf(group, formats(lang)),
      server,
      motif: [{ seed: row.short_name, type: row.type }],
    }
    return sendPicture(request, reply, painter, subject)
  })

  app.get<{ Params: { keyword: string } }>('/e/:keyword/share.png', { schema: { querystring: langOnly } }, async (request, reply) => {
    const state = await deps.catalogue.current(deps.db)
    const keyword = findKeyword(request, reply, state, request.params.keyword, (slug) => urls.sharePicture(urls.ecosystem(slug)))
    if (keyword === undefined) return undefined
    const row = await findEcosystem(deps.db, keyword)
    const t = deps.views.words[localeOf(JSON.parse(row?.languages ?? '[]') as string[], deps)]
    const { snapshot } = state
    const slots = listedSlots(state, keyword)
    const subject = {
      title: row?.title ?? toKeywordRecord(keyword, state, '').title,
      fallback: t(row ? 'ecosystem.one' : 'ecosystem.keyword'),
      kind: t(row ? 'ecosystem.one' : 'ecosystem.keyword'),
      place: t('ecosystem.groups', { count: slots.length }),
      server,
      motif: slots.slice(0, 24).map((slot) => ({ seed: snapshot.key[slot]!.split('\0')[1]!, type: types[snapshot.type[slot]!]! })),
    }
    return sendPicture(request, reply, painter, subject)
  })
}

/** The subject itself is the version: nothing else is in the picture. */
async function sendPicture(request: FastifyRequest, reply: FastifyReply, painter: Painter, subject: ShareSubject): Promise<FastifyReply> {
  const version = JSON.stringify(subject)
  if (isKnown(request, reply, { of: [version], cacheControl: 'public, max-age=86400' })) return reply.code(304).send()
  return reply.type('image/png').send(await painter.paint(version, () => subject))
}

function localeOf(languages: string[] | undefined, { config }: Pick<Deps, 'config'>): Locale {
  const own = languages?.[0]?.split('-')[0]
  return isLocale(own) ? own : config.defaultLocale
}
