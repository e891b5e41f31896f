import { type GroupSearch, toParams } from '../group/query.ts'
import type { Translate } from '../text/translate.ts'
import * as urls from '../urls.ts'
import type { WidgetKind } from './options.ts'
import type { SnippetWords } from './snippet.ts'

/** What widgets are made of: all groups, a keyword's, or one group and its neighbours. `title` is the page's. */
export type Scope = { of: 'all'; title: string } | { of: 'keyword' | 'group'; name: string; title: string }

/** What a frame is called, and the page that stands in for it. `t` speaks the widget's language. */
export function snippetWords(
  scope: Scope,
  kind: WidgetKind,
  locked: GroupSearch,
  { t, publicUrl }: { t: Translate; publicUrl: string },
): SnippetWords {
  const { title } = scope
  return {
    title: t(`generator.frame.${kind}`, { title }),
    fallback: t('generator.fallback', { title, server: new URL(publicUrl).host }),
    fallbackUrl: pageOf(scope, kind, locked),
  }
}

/** The list of a scope, which its maker of widgets stands beside. */
export function pathOf(scope: Scope): string {
  if (scope.of === 'all') return urls.groups
  return scope.of === 'group' ? urls.group(scope.name) : urls.ecosystem(scope.name)
}

function pageOf(scope: Scope, kind: WidgetKind, locked: GroupSearch): string {
  const path = pathOf(scope)
  if (scope.of === 'group') return path
  return urls.withParams(kind === 'map' ? urls.mapOf(path) : path, toParams(locked))
}
