import fastify, { type FastifyInstance } from 'fastify'
import { registerGuard } from './account/guard.ts'
import { onMe } from './account/me-hook.ts'
import { registerAccountPages } from './account/pages.ts'
import { registerSession } from './account/session.ts'
import { registerContactPages } from './contact/pages.ts'
import type { Deps } from './deps.ts'
import { registerEcosystemApi } from './ecosystem/api.ts'
import { registerEcosystemPages } from './ecosystem/pages.ts'
import { registerIndex } from './federation/index/pages.ts'
import { registerMovePages } from './federation/move/pages.ts'
import { registerNetwork } from './federation/network/pages.ts'
import { registerPublish } from './federation/publish/pages.ts'
import { registerDuplicatesPage } from './federation/same/pages.ts'
import { registerSourcePages } from './federation/sources/pages.ts'
import { registerGroupApi } from './group/api.ts'
import { registerGroupPages } from './group/pages.ts'
import { registerWriteApi } from './group/write-api.ts'
import { registerAddress } from './http/address.ts'
import { registerAssets } from './http/assets.ts'
import { registerClosing } from './http/closing.ts'
import { registerCompress } from './http/compress.ts'
import { registerCrossOrigin } from './http/cross-origin.ts'
import { registerErrors } from './http/errors.ts'
import { fastifyOptions } from './http/fastify-options.ts'
import { registerForms } from './http/forms.ts'
import { registerLanguage } from './http/language.ts'
import { registerRateLimit } from './http/rate-limit.ts'
import { registerRequestLog } from './http/request-log.ts'
import { registerSecurityHeaders } from './http/security-headers.ts'
import { registerViews } from './http/views.ts'
import { mailNotices, registerMailPages } from './mail/pages.ts'
import { registerMapPages } from './map/pages.ts'
import { registerMapPictures } from './map/picture-pages.ts'
import { registerModerationPages } from './moderation/pages.ts'
import { registerPicturePages } from './picture/pages.ts'
import { registerPlaceApi } from './place/api.ts'
import { registerPlacePages } from './place/pages.ts'
import { useSchemas } from './schema.ts'
import { watchRoutes } from './site/api-description-routes.ts'
import { registerApiPages } from './site/api-pages.ts'
import { registerProbes, registerSitePages } from './site/pages.ts'
import { registerPatterns } from './site/patterns.ts'
import { registerPreferences } from './site/preferences.ts'
import { registerSchemas } from './site/schemas.ts'
import { registerSharePictures } from './site/share.ts'
import { registerSitemap } from './site/sitemap.ts'
import { registerWholeLists } from './transfer/pages.ts'
import { registerGenerator } from './widget/generator-pages.ts'
import { registerOembed } from './widget/oembed-pages.ts'
import { registerWidgets } from './widget/pages.ts'

/** The whole site, ready to listen or to be asked by a test. What comes first sees every request first. */
export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const app = fastify(fastifyOptions(deps))
  watchRoutes(app)
  useSchemas(app)
  registerRequestLog(app)
  registerClosing(app, deps)
  registerSecurityHeaders(app, deps)
  registerLanguage(app, deps)
  registerViews(app, deps)
  registerErrors(app, deps)
  await registerRateLimit(app)
  await registerCompress(app)
  registerCrossOrigin(app, deps)
  registerAddress(app)
  registerForms(app)
  registerSession(app, deps)
  registerGuard(app, deps)
  await registerAssets(app, deps)

  registerProbes(app, deps)
  registerSitePages(app, deps)
  registerPreferences(app, deps)
  registerAccountPages(app, deps)
  registerMailPages(app, deps)
  onMe(app, mailNotices(deps))
  registerEcosystemPages(app, deps)
  registerNetwork(app, deps)
  registerSourcePages(app, deps)
  registerDuplicatesPage(app, deps)
  registerGroupPages(app, deps)
  registerMovePages(app, deps)
  registerContactPages(app, deps)
  registerModerationPages(app, deps)
  registerPicturePages(app, deps)
  registerMapPages(app, deps)
  registerMapPictures(app, deps)
  registerPlacePages(app, deps)
  registerWidgets(app, deps)
  registerWholeLists(app, deps)
  registerGenerator(app, deps)
  registerOembed(app, deps)
  registerSharePictures(app, deps)
  registerSitemap(app, deps)
  registerPublish(app, deps)
  registerIndex(app, deps)
  registerGroupApi(app, deps)
  registerWriteApi(app, deps)
  registerEcosystemApi(app, deps)
  registerPlaceApi(app, deps)
  registerSchemas(app, deps)
  registerApiPages(app, deps)
  if (deps.config.development) registerPatterns(app, deps)
  return app
}
