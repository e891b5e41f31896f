import type { FastifyInstance } from 'fastify'
import type { FindNotices } from '../account/me-hook.ts'
import type { Config } from '../config.ts'
import type { MailRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../errors.ts'
import { langAnd, langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { countFailedMails, deleteMail, findMail, listLatestMails, listTroubledMails, requeueMail } from './queries.ts'
import { renderMail } from './render.ts'

const mostShown = 100
// Its own styles and nothing else: a mail's HTML never acts in this site's name.
const mailPolicy = "default-src 'none'; sandbox allow-top-navigation; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const doneSchema = langAnd({ done: { type: 'string', enum: ['retry', 'forget'] } })

const orderSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'do'],
  properties: { id: { $ref: '/schemas/common.json#/definitions/uuid' }, do: { type: 'string', enum: ['retry', 'forget'] } },
} as const

export function registerMailPages(app: FastifyInstance, deps: Deps): void {
  registerTroubled(app, deps)
  if (deps.config.demo && !deps.config.smtpUrl) registerOutbox(app, deps)
}

/** For operators' own page. Given to it by app.ts: accounts send mails, so this room may not know that one. */
export function mailNotices({ db }: Pick<Deps, 'db'>): FindNotices {
  return async ({ operator }) => {
    const count = operator ? await countFailedMails(db) : 0
    return count > 0 ? [{ message: { key: 'delivery.notice', values: { count } }, url: urls.troubledMails }] : []
  }
}

/** What could not be delivered: operators try again, or forget it. */
function registerTroubled(app: FastifyInstance, { db, config, clock }: Deps): void {
  app.get<{ Querystring: { done?: 'retry' | 'forget' } }>(
    urls.troubledMails,
    { config: { right: 'operate' }, schema: { querystring: doneSchema } },
    async (request, reply) => {
      const page = pageFrame(request, config, { title: request.t('delivery.title'), robots: 'noindex' })
      const mails = (await listTroubledMails(db, mostShown)).map(toTroubled)
      return reply.page('outbox/troubled', { page, mails, done: request.query.done })
    },
  )

  app.post<{ Body: { id: string; do: 'retry' | 'forget' } }>(
    urls.troubledMails,
    { config: { right: 'operate' }, schema: { body: orderSchema } },
    async (request, reply) => {
      const { id, do: order } = request.body
      const { state = 'sent' } = (await findMail(db, id)) ?? {}
      if (order === 'forget') await deleteMail(db, id)
      else if (state === 'sent') throw notFound()
      // One that leaves just now stays as it is, and does what was asked.
      else await requeueMail(db, id, clock().toISOString())
      return reply.redirect(urls.withParams(urls.troubledMails, [['done', order]]), 303)
    },
  )
}

/** In the demo, everyone reads every mail. */
function registerOutbox(app: FastifyInstance, { db, config, views }: Deps): void {
  app.get(urls.outbox, { schema: { querystring: langOnly } }, async (request, reply) => {
    const page = pageFrame(request, config, { title: request.t('outbox.title'), robots: 'noindex' })
    const mails = (await listLatestMails(db, mostShown)).map((row) => ({
      ...headOf(row),
      url: urls.outboxMail(row.id),
      subject: renderMail(views, row, config.publicUrl).subject,
    }))
    return reply.header('cache-control', 'no-store').page('outbox/list', { page, mails })
  })

  app.get<{ Params: { id: string } }>(`${urls.outbox}/:id`, { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findInOutbox(request.params.id)
    const { subject, text } = renderMail(views, row, config.publicUrl)
    const page = pageFrame(request, config, { title: subject, robots: 'noindex' })
    const mail = { ...headOf(row), subject, parts: toParts(text, config), htmlUrl: `${urls.outboxMail(row.id)}.html` }
    return reply.header('cache-control', 'no-store').page('outbox/mail', { page, mail })
  })

  app.get<{ Params: { id: string } }>(`${urls.outbox}/:id.html`, async (request, reply) => {
    const { html } = renderMail(views, await findInOutbox(request.params.id), config.publicUrl)
    return reply.headers({ 'cache-control': 'no-store', 'content-security-policy': mailPolicy }).type('text/html; charset=utf-8').send(html)
  })

  async function findInOutbox(id: string): Promise<MailRow> {
    const row = await findMail(db, id)
    if (!row) throw notFound()
    return row
  }
}

function toTroubled({ id, address, view, locale, state, attempts, due_at, ended_at, created_at, error }: MailRow) {
  return { id, address, view, locale, state, attempts, when: (state === 'failed' ? ended_at : due_at) ?? due_at, createdAt: created_at, error }
}

function headOf({ address, reply_to, locale, created_at }: MailRow) {
  return { to: address, replyTo: reply_to ?? undefined, locale, at: created_at }
}

/** The text in pieces: links of this site can be followed, from wherever the demo is read. */
function toParts(text: string, { publicUrl }: Pick<Config, 'publicUrl'>): { text: string; url: string | undefined }[] {
  return text.split(/^(https?:\S+)$/m).map((part, at) => {
    const isLink = at % 2 === 1 && (part === publicUrl || part.startsWith(`${publicUrl}/`))
    return { text: part, url: isLink ? part.slice(publicUrl.length) || urls.home : undefined }
  })
}
