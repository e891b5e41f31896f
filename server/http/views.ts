import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import vm from 'node:vm'
import type { FastifyInstance } from 'fastify'
import Handlebars, { type TemplateDelegate } from 'handlebars'
import { once } from '../once.ts'
import { formats } from '../text/format.ts'
import { type Locale, type Translate, type Translations, translator } from '../text/translate.ts'
import { linkHeader, type PageFrame } from './page-frame.ts'
import { type ViewData, viewHelpers } from './view-helpers.ts'

export interface Views {
  templates: ReadonlyMap<string, TemplateDelegate>
  words: Record<Locale, Translate>
}

export interface ViewSource {
  /** `part/card` */
  name: string
  text: string
}

declare module 'fastify' {
  interface FastifyReply {
    /** Answers with views/<name>.hbs, in the reader's language. */
    page: (name: string, model: object, status?: number) => FastifyReply
  }
}

/** Gives `reply.page`. */
export function registerViews(app: FastifyInstance, { views }: { views: Views }): void {
  app.decorateReply('page', function (name, model, status = 200) {
    const html = renderView(views, name, model, this.request.locale)
    const links = 'page' in model ? linkHeader(model.page as PageFrame) : undefined
    if (links) this.header('link', links)
    return this.code(status).type('text/html; charset=utf-8').send(html)
  })
}

export interface ViewOptions {
  dir: string
  translations: Translations
  asset: (name: string) => string
  /** Compile each when it is first shown; a broken one is then found out so late. */
  lazy?: boolean
}

/**
 * Compiles every template under `dir`; each is also a partial under its path. Throws, naming the file, when one
 * cannot be read or asks for a partial that is not there.
 */
export function loadViews({ dir, translations, asset, lazy = false }: ViewOptions): Views {
  const house = Handlebars.create()
  const helpers = viewHelpers(asset)
  house.registerHelper(helpers)
  const sources = readViews(dir)
  const names = new Set(sources.map(({ name }) => name))
  const templates = new Map(
    sources.map((source) => {
      const template = once(() => compile(house, source, names, Object.keys(helpers)))
      if (!lazy) template()
      return [source.name, (context, options) => template()(context, options)] satisfies [string, TemplateDelegate]
    }),
  )
  house.registerPartial(Object.fromEntries(templates))
  return { templates, words: { fr: translator(translations, 'fr'), en: translator(translations, 'en') } }
}

/** The HTML or text of a view; for pages within a request there is `reply.page`. */
export function renderView(views: Views, name: string, model: object, locale: Locale): string {
  const template = views.templates.get(name)
  if (!template) throw new Error(`There is no view called ${name}.`)
  const data: ViewData = { locale, t: views.words[locale], format: formats(locale) }
  return template(model, { data })
}

/** Every template under `dir`, by its path without the ending. */
export function readViews(dir: string): ViewSource[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'))
  return files.sort().map((file) => ({ name: file.slice(0, -'.hbs'.length).replaceAll(sep, '/'), text: readFileSync(join(dir, file), 'utf8') }))
}

/** Calls `visit` with every node of a template's syntax tree. */
export function walkTemplate(node: unknown, visit: (node: hbs.AST.Node) => void): void {
  if (!node || typeof node !== 'object') return
  if (typeof (node as hbs.AST.Node).type === 'string') visit(node as hbs.AST.Node)
  for (const inner of Object.values(node)) walkTemplate(inner, visit)
}

/** For tests: a model that throws when a view asks for a key it does not have (Handlebars keeps silent in `if` and `each`). */
export function strictModel<T extends object>(model: T, path = 'model'): T {
  return new Proxy(model, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver)
      if (typeof key === 'symbol' || Array.isArray(target) || ignored.has(key)) return wrap(value, `${path}.${String(key)}`)
      if (!Object.hasOwn(target, key)) throw new Error(`${path} has no ${key}.`)
      return wrap(value, `${path}.${key}`)
    },
  })
}

// What Handlebars itself asks of any value.
const ignored = new Set(['toHTML', 'toString', 'valueOf', 'constructor', 'call', 'apply', 'hash', 'length'])

function wrap(value: unknown, path: string): unknown {
  return value && typeof value === 'object' ? strictModel(value, path) : value
}

function compile(house: typeof Handlebars, { name, text }: ViewSource, names: Set<string>, helpers: string[]): TemplateDelegate {
  try {
    const tree = house.parse(text)
    checkPartials(tree, names)
    const knownHelpers = Object.fromEntries(helpers.map((helper) => [helper, true])) as KnownHelpers
    // Mails are written as plain text; what is made of it escapes (mail/render.ts).
    const noEscape = name.startsWith('mail/')
    const code = house.precompile(tree, { strict: true, knownHelpersOnly: true, knownHelpers, preventIndent: true, noEscape })
    return house.template(vm.runInThisContext(`(${code})`, { filename: `views/${name}.hbs` }) as TemplateSpecification)
  } catch (error) {
    throw new Error(`views/${name}.hbs: ${(error as Error).message}`, { cause: error })
  }
}

/** Handlebars finds out when it renders, and a layout block without its layout even passes in silence. */
function checkPartials(tree: hbs.AST.Program, names: Set<string>): void {
  walkTemplate(tree, (node) => {
    if (node.type !== 'PartialStatement' && node.type !== 'PartialBlockStatement') return
    const { name } = node as hbs.AST.PartialStatement
    const asked = 'original' in name ? String(name.original) : ''
    if (asked !== '@partial-block' && !names.has(asked))
      throw new Error(`line ${node.loc.start.line} asks for ${asked || 'a computed partial'}, which is not there`)
  })
}
