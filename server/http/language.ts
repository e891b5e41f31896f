import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { isLocale, type Locale, type Translate, type Translations, translator } from '../text/translate.ts'
import { oembed } from '../urls.ts'
import { isFramed, pathOf } from './security-headers.ts'

/** What a request says of its reader. */
export interface Reader {
  locale: Locale
  theme?: 'light' | 'dark'
  /** Set for somebody who is signed in. */
  person?: object | undefined
}

interface Deps {
  config: { defaultLocale: Locale; publicUrl: string }
  translations: Translations
}

declare module 'fastify' {
  interface FastifyRequest {
    /** `?lang=`, else the cookie, else the browser's wish, else the server's default. */
    locale: Locale
    theme: 'light' | 'dark' | undefined
    t: Translate
  }
}

const year = 365 * 24 * 3600

/** Gives every request its reader's language and theme; a page asked for with `?lang=` remembers it. */
export function registerLanguage(app: FastifyInstance, { config, translations }: Deps): void {
  const words = { fr: translator(translations, 'fr'), en: translator(translations, 'en') }
  app.decorateRequest('locale', {
    getter() {
      return readerOf(this.raw.url ?? '/', this.raw.headers, config.defaultLocale).locale
    },
  })
  app.decorateRequest('theme', {
    getter() {
      return readerOf(this.raw.url ?? '/', this.raw.headers, config.defaultLocale).theme
    },
  })
  app.decorateRequest('t', {
    getter() {
      return words[this.locale]
    },
  })
  app.addHook('onSend', async (request, reply) => {
    if (!isPage(request.url, reply.getHeader('content-type'))) return
    reply.header('vary', 'Accept-Language, Cookie')
    const asked = request.method === 'GET' ? langParam(request.url) : undefined
    if (asked) reply.header('set-cookie', preferenceCookie('lang', asked, config))
  })
}

/** The reader of a raw request; used where Fastify's own request is not there yet. Of whoever looks at a frame or asks for one, cookies say nothing. */
export function readerOf(url: string, headers: IncomingHttpHeaders, fallback: Locale): Reader {
  const path = pathOf(url)
  const cookies = isFramed(path) || path === oembed ? '' : headers.cookie
  const [lang, theme] = [cookie(cookies, 'lang'), cookie(cookies, 'theme')]
  const locale = langParam(url) ?? (isLocale(lang) ? lang : undefined) ?? preferred(headers['accept-language']) ?? fallback
  return { locale, theme: theme === 'light' || theme === 'dark' ? theme : undefined }
}

/** A `Set-Cookie` value that keeps a choice for a year; an empty value forgets it. */
export function preferenceCookie(name: 'lang' | 'theme', value: string, config: { publicUrl: string }): string {
  const secure = config.publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; Max-Age=${value ? year : 0}; SameSite=Lax; HttpOnly${secure}`
}

function isPage(url: string, type: unknown): boolean {
  const path = pathOf(url)
  return String(type).startsWith('text/html') && !isFramed(path) && !path.startsWith('/api/')
}

function langParam(url: string): Locale | undefined {
  const asked = /[?&]lang=(fr|en)(&|$)/.exec(url)?.[1]
  return isLocale(asked) ? asked : undefined
}

/** The value of a cookie as it was sent, out of a Cookie header. */
export function cookie(cookies: string | undefined, name: string): string | undefined {
  const pairs = (cookies ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** The best of our languages in an Accept-Language header: `de, en;q=0.8, fr;q=0.5` gives `en`. */
function preferred(header = ''): Locale | undefined {
  const wishes = header.split(',', 20).map((wish) => {
    const [tag = '', ...params] = wish.split(';')
    const quality = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find(Boolean)
    return { locale: tag.trim().toLowerCase().split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
  })
  const ours = wishes.filter(({ locale, quality }) => isLocale(locale) && quality > 0)
  const best = ours.sort((a, b) => b.quality - a.quality)[0]?.locale
  return isLocale(best) ? best : undefined
}
