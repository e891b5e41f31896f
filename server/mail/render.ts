import { renderView, type Views } from '../http/views.ts'
import * as urls from '../urls.ts'
import { oneLine, toBlocks } from './rules.ts'

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

/**
 * A mail in the reader's language: `mail.<view>.subject` and views/mail/<view>.hbs, which is plain text with an empty line between
 * paragraphs. A line that is only a path of this site becomes a whole address, and a link in the HTML part. Line breaks in
 * the model's values become spaces, so that nobody else's words pass for ours, except where the view says `{{quote value}}`.
 */
export function renderMail(
  views: Views,
  { view, locale, model }: { view: string; locale: 'fr' | 'en'; model: string },
  publicUrl: string,
): RenderedMail {
  const t = views.words[locale]
  const values = markBreaks(JSON.parse(model)) as Record<string, string>
  const subject = oneLine(t(`mail.${view}.subject`, values)).slice(0, 200)
  const written = renderView(views, `mail/${view}`, values, locale).replaceAll(lineBreak, ' ')
  const body = written
    .replaceAll(/^\/\S*$/gm, (path) => urls.absolute(publicUrl, path))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  const signature = t('mail.signature', { server: new URL(publicUrl).host })
  const html = renderView(views, 'layout/mail', { locale, subject, blocks: toBlocks(body), signature, publicUrl }, locale)
  return { subject, text: `${body}\n\n-- \n${signature}\n${publicUrl}\n`, html }
}

const lineBreak = '\u2028'

function markBreaks(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, lineBreak)
  if (Array.isArray(value)) return value.map(markBreaks)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, markBreaks(inner)]))
}
