import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { AppError, badRequest } from '../errors.ts'
import type { Author } from '../group/actions.ts'
import { authorOf, findCurrent } from '../group/current.ts'
import { toGroup } from '../group/row.ts'
import { langAnd } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import type { PictureKind } from '../look/uploads.ts'
import * as urls from '../urls.ts'
import { keepPicture, setPicture } from './actions.ts'
import { type PictureForm, readingOptions, readPictureForm } from './form.ts'
import { makePicture } from './make.ts'
import { type Sent, toPicturesView } from './present.ts'
import { createQueue } from './queue.ts'
import { registerUploads } from './serve.ts'

type Named = { Params: { shortName: string } }
type Queue = ReturnType<typeof createQueue>

const kinds = ['banner', 'logo'] as const
const mostWaiting = 6
const pageQuery = langAnd({ saved: { type: 'string', enum: kinds } })

/** The page where a group's banner and logo are chosen, what its forms send, and the pictures themselves. */
export function registerPicturePages(app: FastifyInstance, deps: Deps): void {
  registerUploads(app, deps)
  const queue = createQueue(mostWaiting)
  app.get<Named & { Querystring: { saved?: PictureKind } }>(
    '/g/:shortName/pictures',
    { config: { right: 'edit' }, schema: { querystring: pageQuery } },
    async (request, reply) => {
      const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupPictures(name))
      return row && sendPage(request, reply, deps, row)
    },
  )
  // By itself, so that no other address takes files.
  app.register(async (scope) => {
    await scope.register(multipart, readingOptions)
    for (const kind of kinds) registerForm(scope, deps, kind, queue)
  })
}

function registerForm(app: FastifyInstance, deps: Deps, kind: PictureKind, queue: Queue): void {
  app.post<Named>(`/g/:shortName/pictures/${kind}`, { config: { right: 'edit' } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupPictures(name, kind))
    if (!row) return undefined
    const form = await readPictureForm(request).catch((error) => ({ alt: '', faults: faultsOf(error) }))
    try {
      await queue(() => save(deps, row, kind, form, authorOf(request, deps)))
    } catch (error) {
      return sendPage(request, reply, deps, row, { kind, alt: form.alt, faults: faultsOf(error) })
    }
    return reply.redirect(`${urls.withParams(urls.groupPictures(row.short_name), [['saved', kind]])}#${kind}`, 303)
  })

  app.post<Named>(`/g/:shortName/pictures/${kind}/remove`, { config: { right: 'edit' } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, (name) => urls.groupPictures(name, kind, 'remove'))
    if (!row) return undefined
    await setPicture(deps.db, row.id, kind, undefined, authorOf(request, deps))
    return reply.redirect(`${urls.withParams(urls.groupPictures(row.short_name), [['saved', kind]])}#${kind}`, 303)
  })
}

/** A new picture; without a file, other words for the one that is there. */
async function save(deps: Deps, row: GroupRow, kind: PictureKind, { file, crop, alt, faults }: PictureForm, by: Author): Promise<void> {
  const known = toGroup(row)[kind]
  if (faults.length > 0) throw badRequest(faults)
  if (!file && !known) throw badRequest([{ field: 'file', message: { key: 'picture.refused.none' } }])
  if (!file) return void (await setPicture(deps.db, row.id, kind, { ...known!, alt }, by))
  const made = await makePicture(file, kind, crop)
  const name = await keepPicture(deps, made)
  await setPicture(deps.db, row.id, kind, { url: urls.upload(name), width: made.width, height: made.height, alt }, by)
}

function sendPage(request: FastifyRequest, reply: FastifyReply, deps: Deps, row: GroupRow, sent?: Sent): FastifyReply {
  const { saved } = request.query as { saved?: PictureKind }
  const title = request.t('picture.title', { name: row.name })
  const page = pageFrame(request, deps.config, { title, canonical: urls.groupPictures(row.short_name), robots: 'noindex' })
  const say = ({ message }: Sent['faults'][number]) => request.t(message.key, message.values)
  const view = toPicturesView(row, { publicUrl: deps.config.publicUrl, say, saved, sent })
  return reply.page('picture/page', { page, ...view }, sent ? 400 : 200)
}

/** What the form's reader can correct; anything else is thrown again. */
function faultsOf(error: unknown): Sent['faults'] {
  if (error instanceof AppError && error.errors) return error.errors
  throw error
}
