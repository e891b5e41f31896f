import { join } from 'node:path'
import type { Deps } from './deps.ts'
import { loadAssets } from './http/assets.ts'
import { loadViews } from './http/views.ts'
import { loadBase } from './map/base.ts'
import type { Policy } from './net/address.ts'
import { createOutbound } from './net/outbound.ts'
import { once } from './once.ts'
import { lazyGazetteer } from './place/gazetteer.ts'
import { loadTranslations } from './text/translate.ts'

const root = join(import.meta.dirname, '..')

/** What is read from the product's own folders, beside what the caller gives. */
export function makeDeps({ policy, ...given }: Pick<Deps, 'config' | 'db' | 'catalogue' | 'clock'> & { policy?: Policy }): Deps {
  const translations = loadTranslations(join(root, 'views/locale'))
  const assets = loadAssets(join(root, 'static'))
  const views = loadViews({ dir: join(root, 'views'), translations, asset: assets.url, lazy: !given.config.development })
  const base = once(() => loadBase(join(root, 'static/map')))
  const outbound = createOutbound({ publicUrl: given.config.publicUrl, clock: given.clock, policy })
  return { ...given, translations, assets, views, gazetteer: lazyGazetteer(), base, outbound }
}
