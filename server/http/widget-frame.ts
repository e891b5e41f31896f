import type { Locale } from '../text/translate.ts'

/** What the layout shows around any widget. */
export interface WidgetFrame {
  kind: string
  lang: Locale
  /** As the site asks; the reader's own when undefined. */
  theme: 'light' | 'dark' | undefined
  title: string
  heading: string
  /** The heading is also seen. */
  headed: boolean
  /** Styles with the site's colour, instead of the usual ones. */
  stylesUrl: string | undefined
  /** The page of the site that shows the same, for a new tab. */
  siteUrl: string
  /** Where all of this comes from: `archipel.example`. */
  server: string
}

/** `heading` is said unless the site wants another one; an empty one of the site's is not seen, but told to those who do not see. */
export function widgetFrame({
  publicUrl,
  heading,
  headed = true,
  asked = {},
  ...frame
}: Pick<WidgetFrame, 'kind' | 'lang' | 'siteUrl'> & {
  publicUrl: string
  heading: string
  headed?: boolean
  asked?: { theme?: 'auto' | 'light' | 'dark'; heading?: string }
  stylesUrl?: string
}): WidgetFrame {
  const server = new URL(publicUrl).host
  const said = asked.heading || heading
  return {
    stylesUrl: undefined,
    ...frame,
    theme: asked.theme === 'auto' ? undefined : asked.theme,
    title: `${said} · ${server}`,
    heading: said,
    headed: asked.heading === undefined ? headed : asked.heading !== '',
    server,
  }
}
