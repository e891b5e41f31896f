import * as urls from '../urls.ts'
import { frameHeights, toWidgetParams, type WidgetKind, type WidgetOptions } from './options.ts'

export interface Widget {
  kind: WidgetKind
  /** A keyword, or the short name of the group that `group` and `neighbours` are of. */
  name?: string
  options: WidgetOptions
}

export interface SnippetWords {
  /** Of the frame, for those who do not see it. */
  title: string
  /** What the link says where there is no frame. */
  fallback: string
  /** Root-relative page of the site that shows the same. */
  fallbackUrl: string
}

/** Address of a widget, root-relative. */
export function widgetUrl({ kind, name, options }: Widget): string {
  return urls.withParams(urls.embed(kind, name), toWidgetParams(options))
}

/** HTML to paste: a frame that works alone, and the script that fits its height. No `style`: a strict policy of the host would refuse it. */
export function snippet(
  publicUrl: string,
  widget: Widget,
  words: SnippetWords,
  { width = '100%', height = frameHeights[widget.kind], script = true } = {},
): string {
  const frame = [
    ['src', urls.absolute(publicUrl, widgetUrl(widget))],
    ['title', words.title],
    ['width', width],
    ['height', String(height)],
    ['frameborder', '0'],
    ['loading', 'lazy'],
    ...(widget.kind === 'map' ? [['allow', 'geolocation']] : []),
  ]
  const html = `<iframe ${attributes(frame)}>${fallbackLink(publicUrl, words)}</iframe>`
  return script ? `${html}\n${scriptTag(publicUrl)}` : html
}

/** The same as a custom element, which the script makes a frame of; until then it shows its link. */
export function elementSnippet(publicUrl: string, { kind, name, options }: Widget, words: SnippetWords): string {
  const named = name === undefined ? [] : [[kind === 'group' || kind === 'neighbours' ? 'group' : 'keyword', name]]
  const values = new Map<string, string[]>()
  for (const [param, value] of toWidgetParams(options)) values.set(param, [...(values.get(param) ?? []), value])
  // In the address the keyword is the path's; more of them must be carried too.
  const more = [...values].map(([param, list]) => [param === 'keyword' ? 'keywords' : param, list.join(' ')])
  const html = `<archipel-widget ${attributes([['kind', kind], ...named, ...more, ['title', words.title]])}>${fallbackLink(publicUrl, words)}</archipel-widget>`
  return `${html}\n${scriptTag(publicUrl)}`
}

function scriptTag(publicUrl: string): string {
  return `<script async src="${quoted(urls.absolute(publicUrl, urls.embedScript))}"></script>`
}

function fallbackLink(publicUrl: string, { fallback, fallbackUrl }: SnippetWords): string {
  return `<a href="${quoted(urls.absolute(publicUrl, fallbackUrl))}">${quoted(fallback)}</a>`
}

function attributes(list: string[][]): string {
  return list.map(([name, value]) => `${name}="${quoted(value ?? '')}"`).join(' ')
}

function quoted(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
