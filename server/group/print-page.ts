import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'
import { langOnly } from '../http/lang-only.ts'
import { pageFrame } from '../http/page-frame.ts'
import * as urls from '../urls.ts'
import { findCurrent } from './current.ts'
import { toGroupPage } from './present-page.ts'
import { readerContext } from './reader.ts'
import { toGroup } from './row.ts'
import { findSurroundings } from './surroundings.ts'

/** The record on one sheet, to pin up; a QR code leads back to the page. */
export function registerPrintPage(app: FastifyInstance, deps: Deps): void {
  app.get<{ Params: { shortName: string } }>('/g/:shortName/print', { schema: { querystring: langOnly } }, async (request, reply) => {
    const row = await findCurrent(deps, reply, request.params.shortName, urls.groupPrint)
    if (!row) return undefined
    const state = await deps.catalogue.current(deps.db)
    const around = await findSurroundings(deps.db, state, row, toGroup(row))
    const path = urls.group(row.short_name)
    const address = urls.absolute(deps.config.publicUrl, path)
    const page = pageFrame(request, deps.config, { title: row.name, description: row.summary, canonical: path, robots: 'noindex' })
    const group = toGroupPage(row, around, readerContext(request, deps, state))
    return reply.page('group/print', { page, group, address, qrHtml: await qrSvg(address) })
  })
}

/** An inline picture without a style, as the site's policy asks. */
async function qrSvg(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
}
