import type { Config } from '../config.ts'
import { AppError, badRequest, type ErrorCode, problemType, type Suggestion, statuses } from '../errors.ts'
import { type FieldError, toFaults, toFieldErrors } from '../schema.ts'
import type { Problem } from '../schema-types.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import type { Reader } from './language.ts'
import { pageFrame } from './page-frame.ts'
import { headersFor, isFramed, pathOf } from './security-headers.ts'
import { renderView, type Views } from './views.ts'
import { widgetFrame } from './widget-frame.ts'

export interface ErrorDeps {
  config: Pick<Config, 'publicUrl' | 'defaultLocale'>
  views: Views
}

/** Who asked, as far as it could be read. */
export interface Asker extends Reader {
  url: string
  accept: string | undefined
  /** The request's id. */
  id: string
}

export interface ErrorAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What Fastify's errors carry. */
interface Thrown {
  validation?: Parameters<typeof toFieldErrors>[0]
  validationContext?: string
  statusCode?: number
}

/** The one answer to any error: a page for people, problem+json for programs, with the house's headers. */
export function errorAnswer({ config, views }: ErrorDeps, asker: Asker, error: AppError): ErrorAnswer {
  const path = pathOf(asker.url)
  const problem = toProblem(error, views.words[asker.locale], asker.id)
  const json = wantsProblem(path, asker.accept)
  const body = json ? JSON.stringify(problem) : errorPage({ config, views }, asker, problem, error.suggestions)
  const type = json ? 'application/problem+json; charset=utf-8' : 'text/html; charset=utf-8'
  return {
    status: error.status,
    headers: {
      ...headersFor(path, config),
      'content-type': type,
      'content-language': asker.locale,
      'cache-control': 'no-store',
      'x-request-id': asker.id,
      ...error.headers,
    },
    body,
  }
}

/** What Fastify, its plugins or our code threw, as an error that can be shown; anything unknown is a 500 that says nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { validation, validationContext, statusCode } = (error ?? {}) as Thrown
  if (validation) return badRequest(toFaults(validationContext === 'body' ? toFieldErrors(validation) : byParameter(toFieldErrors(validation))))
  const code = Object.entries(statuses).find(([, status]) => status === statusCode)?.[0] as ErrorCode | undefined
  if (code) return new AppError(code)
  return new AppError(statusCode && statusCode >= 400 && statusCode < 500 ? 'badRequest' : 'broken')
}

/** In an address, the second wrong `type=` is still the parameter `type`. */
function byParameter(errors: FieldError[]): FieldError[] {
  const named = errors.map((error) => ({ ...error, field: error.field.split('/')[0] ?? '' }))
  return [...new Map(named.map((error) => [error.field, error])).values()]
}

/** RFC 9457, in the reader's language. */
function toProblem(error: AppError, t: Translate, id: string): Problem {
  const { code, status, detail, suggestions } = error
  const errors = error.errors?.map(({ field, message, line }) => ({
    field,
    message: t(message.key, message.values),
    ...(line === undefined ? {} : { line }),
  }))
  return {
    type: problemType(code),
    title: t(`error.${code}.title`),
    status,
    detail: detail ? t(detail.key, detail.values) : t(`error.${code}.detail`),
    instance: id,
    ...(errors?.length ? { errors } : {}),
    ...(suggestions?.length ? { suggestions } : {}),
    ...error.extension,
  }
}

/** Addresses for programs never answer with a page; identifiers only to who says that they read pages. */
function wantsProblem(path: string, accept = ''): boolean {
  if (/\.(json|geojson|jsonld|ndjson|csv|atom)$/.test(path)) return true
  if (/^\/((api|schemas|nodeinfo|v2|\.well-known)\/|(changes|healthz|oembed|readyz)$)/.test(path)) return true
  const isIdentifier = path.startsWith('/id/')
  const page = quality(accept, isIdentifier ? /^text\/(html|\*)$/ : /^(text\/(html|\*)|\*\/\*)$/)
  return quality(accept, /^application\/(\w+\+)?json$/) > page || (isIdentifier && page === 0)
}

/** The best quality that an Accept header gives to a type; 0 when it does not name it. */
function quality(accept: string, type: RegExp): number {
  const wishes = accept.split(',', 30).map((wish) =>
    wish
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  )
  const wanted = wishes.filter(([name = '']) => type.test(name))
  return Math.max(0, ...wanted.map(([, ...params]) => Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1) || 0))
}

function errorPage({ config, views }: ErrorDeps, asker: Asker, problem: Problem, suggestions: Suggestion[] = []): string {
  if (isFramed(pathOf(asker.url))) return framedError({ config, views }, asker, problem, suggestions)
  const request = { url: asker.url, locale: asker.locale, theme: asker.theme, person: asker.person }
  const page = { ...pageFrame(request, config, { title: problem.title, robots: 'noindex' }), home: false }
  const { title, status, detail, instance, movedTo, errors = [] } = problem
  return renderView(
    views,
    'error/error',
    { page, title, status, detail, id: instance, errors, suggestions, movedTo, search: status !== 500 && status !== 503 },
    asker.locale,
  )
}

/** The same inside another site's page, where there is room for little, and our own pages cannot be shown. */
function framedError(
  { config, views }: ErrorDeps,
  { url, locale }: Asker,
  { title, detail, movedTo, errors = [] }: Problem,
  suggestions: Suggestion[],
): string {
  const theme = /[?&]theme=(light|dark)(&|$)/.exec(url)?.[1] as 'light' | 'dark' | undefined
  const frame = widgetFrame({ publicUrl: config.publicUrl, kind: 'error', lang: locale, asked: { theme }, heading: title, siteUrl: urls.home })
  return renderView(views, 'widget/error', { frame, detail, errors, suggestions, movedTo }, locale)
}
