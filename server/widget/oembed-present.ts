import type { Oembed } from '../schema-types.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import { type Scope, snippetWords } from './generator-words.ts'
import type { Target } from './oembed-target.ts'
import { frameHeights } from './options.ts'
import { snippet } from './snippet.ts'

/** Seconds for which an answer may be kept. */
export const cacheAge = 3600

const frameWidth = 600
const picture = { width: 1200, height: 630 }

export interface Bounds {
  maxwidth?: number
  maxheight?: number
}

/** The answer of oEmbed 1.0 in the words of `t`: a frame no larger than `bounds`, without a script; a picture where it fits too. */
export function toOembed(
  target: Target,
  { maxwidth = Infinity, maxheight = Infinity }: Bounds,
  { t, publicUrl }: { t: Translate; publicUrl: string },
): Oembed {
  const { kind, options } = target
  const scope = titled(target.scope, t)
  const width = Math.min(frameWidth, maxwidth)
  const height = Math.min(frameHeights[kind], maxheight)
  const widget = { kind, options, name: scope.of === 'all' ? undefined : scope.name }
  const words = snippetWords(scope, kind, options.locked, { t, publicUrl })
  const hasPicture = target.picture !== undefined && picture.width <= maxwidth && picture.height <= maxheight
  return {
    type: 'rich',
    version: '1.0',
    title: kind === 'map' ? words.title : scope.title,
    provider_name: 'Archipel',
    provider_url: urls.absolute(publicUrl, urls.home),
    cache_age: cacheAge,
    html: snippet(publicUrl, widget, words, { width: String(width), height, script: false }),
    width,
    height,
    ...(hasPicture ? thumbnail(urls.absolute(publicUrl, target.picture!)) : {}),
  }
}

function titled(scope: Scope, t: Translate): Scope {
  return scope.of === 'all' ? { ...scope, title: t('list.title') } : scope
}

function thumbnail(url: string): Pick<Oembed, 'thumbnail_url' | 'thumbnail_width' | 'thumbnail_height'> {
  return { thumbnail_url: url, thumbnail_width: picture.width, thumbnail_height: picture.height }
}
