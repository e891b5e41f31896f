import type { Config } from '../config.ts'
import type { Locale } from '../text/translate.ts'
import * as urls from '../urls.ts'
import { pathOf } from './security-headers.ts'

/** What the layout shows around any page. */
export interface PageFrame {
  title: string
  description: string
  /** Root-relative, without the query. */
  path: string
  /** The whole address, where the theme switch comes back to. */
  back: string
  canonical: string
  lang: Locale
  theme: 'light' | 'dark' | undefined
  robots: string | undefined
  alternates: { type: string; url: string; title: string }[]
  /** Where other sites' programs ask how to show this page. Absolute: some of them know no other. */
  embeds: { type: string; url: string }[]
  languages: { tag: Locale; name: string; url: string; current: boolean }[]
  jsonLdHtml: string | undefined
  /** What is shown where the page is shared: an absolute address, and what the picture says. */
  share: { url: string; alt: string } | undefined
  /** `fr_FR`, as Open Graph writes it. */
  ogLocale: string
  brand: string
  home: boolean
  /** The way to one's own page, or to the form that signs in. */
  account: { url: string; signedIn: boolean }
}

export interface PageOptions {
  title: string
  description?: string
  /** Root-relative, or the whole address of a page on another server; the path asked for unless said. */
  canonical?: string
  robots?: string
  alternates?: PageFrame['alternates']
  /** Other sites may show what this page shows: its own address, root-relative, with its choices. */
  embeddable?: string
  /** A whole script element, safe to print. */
  jsonLdHtml?: string
  /** Root-relative, 1200 × 630. */
  share?: { url: string; alt: string }
}

const longestLinks = 4000
const ogLocales = { fr: 'fr_FR', en: 'en_GB' } as const
const names = { fr: 'Français', en: 'English' } as const

/** The `page` field of every page's model, from the request (or what stands in for one) and what the page says of itself. */
export function pageFrame(
  request: { url: string; locale: Locale; theme: 'light' | 'dark' | undefined; person?: object | undefined },
  config: Pick<Config, 'publicUrl'>,
  options: PageOptions,
): PageFrame {
  const path = ownPath(request.url)
  return {
    title: options.title,
    description: options.description ?? options.title,
    path,
    back: ownPath(request.url) + (request.url.includes('?') && request.url.length <= 4000 ? `?${request.url.split('?').slice(1).join('?')}` : ''),
    canonical: new URL(options.canonical ?? path, config.publicUrl).href,
    lang: request.locale,
    theme: request.theme,
    robots: options.robots,
    alternates: options.alternates ?? [],
    embeds: options.embeddable === undefined ? [] : embedsOf(config.publicUrl, options.embeddable),
    languages: (['fr', 'en'] as const).map((tag) => ({
      tag,
      name: names[tag],
      url: inLanguage(request.url, tag),
      current: tag === request.locale,
    })),
    jsonLdHtml: options.jsonLdHtml,
    share: options.share && { ...options.share, url: config.publicUrl + options.share.url },
    ogLocale: ogLocales[request.locale],
    brand: 'Archipel',
    home: path === '/',
    account: request.person
      ? { url: urls.me, signedIn: true }
      : { url: path === urls.home || path.startsWith(urls.signIn) ? urls.signIn : urls.signInTo(path), signedIn: false },
  }
}

/**
 * The page's canonical address and its twins as a `Link` header, for programs that do not read HTML.
 * Undefined when there are none, or when many choices would make it too long for common clients.
 */
export function linkHeader({ canonical, alternates, embeds }: Pick<PageFrame, 'canonical' | 'alternates' | 'embeds'>): string | undefined {
  const twins = alternates.map(({ url, type, title }) => `<${url}>; rel="alternate"; type="${type}"; title="${title}"`)
  const frames = embeds.map(({ url, type }) => `<${url}>; rel="alternate"; type="${type}"`)
  const header = [`<${canonical}>; rel="canonical"`, ...twins, ...frames].join(', ')
  return twins.length > 0 && header.length <= longestLinks ? header : undefined
}

/** oEmbed's two formats. */
function embedsOf(publicUrl: string, path: string): PageFrame['embeds'] {
  return [
    { format: 'json', type: 'application/json+oembed' },
    { format: 'xml', type: 'text/xml+oembed' },
  ].map(({ format, type }) => ({
    type,
    url: urls.absolute(
      publicUrl,
      urls.withParams(urls.oembed, [
        ['format', format],
        ['url', urls.absolute(publicUrl, path)],
      ]),
    ),
  }))
}

/** The same address in another language. */
function inLanguage(url: string, lang: Locale): string {
  const params = new URLSearchParams(queryOf(url))
  params.delete('lang')
  params.append('lang', lang)
  return `${ownPath(url)}?${params}`
}

/** With its `?`; one too long to be a choice of anybody's is dropped. */
function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 || url.length > 4000 ? '' : url.slice(at)
}

/** The path of an address here, to link or redirect to: never `//elsewhere`, which a browser takes for another site's. */
export function ownPath(url: string): string {
  const path = pathOf(url).replace(/^[/\\]+/, '/')
  return path.startsWith('/') && path.length <= 2000 ? path : '/'
}

/** The path of an address of this site, where a form goes back to; anything else leads `otherwise`. */
export function onThisSite(back: string | undefined, publicUrl: string, otherwise: string): string {
  const address = back?.startsWith('/') ? URL.parse(back, publicUrl) : null
  return address?.origin === new URL(publicUrl).origin ? ownPath(address.pathname) + address.search : otherwise
}
