import type { Catalogue } from './catalogue/catalogue.ts'
import type { Config } from './config.ts'
import type { Db } from './db/tables.ts'
import type { Assets } from './http/assets.ts'
import type { Views } from './http/views.ts'
import type { Base } from './map/base.ts'
import type { Outbound } from './net/outbound.ts'
import type { Gazetteer } from './place/gazetteer.ts'
import type { Translations } from './text/translate.ts'

/** Everything a route needs, built once by `main` or a test. */
export interface Deps {
  config: Config
  db: Db
  catalogue: Catalogue
  clock: () => Date
  translations: Translations
  assets: Assets
  views: Views
  /** Read when it is first asked for. */
  gazetteer: () => Promise<Gazetteer>
  /** The base map to draw on; read when it is first asked for. */
  base: () => Base
  /** The one way to other people's servers; loaded when it is first used. */
  outbound: Outbound
}
