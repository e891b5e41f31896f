import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import type { Test } from 'tap'

export type PageOptions = {
  /** The site under test, such as `http://127.0.0.1:1234`; `page.goto('/groups')` starts from it. */
  origin?: string
  /** Other origins that pages may ask, such as the one that embeds a widget. */
  alsoAllow?: string[]
  /** Problems the test provokes on purpose, matched against their text. */
  expect?: RegExp
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  locale?: string
  javaScript?: boolean
  motion?: boolean
}

/** `requests` holds every address asked for, in order; `problems` what would fail the test, in words. Both grow as the page lives. */
export type WatchedPage = { page: Page; context: BrowserContext; requests: string[]; problems: string[] }

/**
 * A page in a fresh context (own cookies). At the end of `t` it fails on console errors (a breach of the CSP is one), uncaught exceptions,
 * failed requests, and requests outside the given origins. The status of a page itself is the test's to check.
 */
export async function newPage(t: Test, browser: Browser, options: PageOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(contextOptions(options))
  const watched = watch(context, options)
  t.teardown(async () => {
    await context.close()
    if (watched.problems.length) throw new Error(`The page had problems:\n${watched.problems.join('\n')}`)
  })
  context.setDefaultTimeout(30_000)
  return { page: await context.newPage(), context, ...watched }
}

/** Two frames: whatever was to be drawn is. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

/** One assertion: what the page shows, once its styles are there, is as wide as the window and no wider. */
export async function checkFits(t: Test, page: Page, name = page.url()): Promise<void> {
  await page.waitForLoadState()
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), page.viewportSize()?.width, `${name} fits`)
}

function contextOptions({ origin, theme = 'light', width = 1280, height = 800, locale = 'fr-FR', javaScript = true, motion = false }: PageOptions) {
  return {
    baseURL: origin,
    colorScheme: theme,
    viewport: { width, height },
    locale,
    timezoneId: 'Europe/Paris',
    javaScriptEnabled: javaScript,
    reducedMotion: motion ? 'no-preference' : 'reduce',
  } as const
}

function watch(context: BrowserContext, { origin, alsoAllow = [], expect }: PageOptions) {
  const requests: string[] = []
  const problems: string[] = []
  const allowed = origin === undefined ? undefined : [origin, ...alsoAllow]
  const add = (problem: string) => {
    if (!expect?.test(problem)) problems.push(problem)
  }
  context.on('request', (request) => {
    requests.push(request.url())
    if (allowed && isForeign(request.url(), allowed)) add(`foreign request: ${request.url()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    // What a page still asked for when it was left is no failure.
    if (reason !== 'net::ERR_ABORTED') add(`failed request: ${request.url()} ${reason}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400 && !isPage(response.request())) add(`failed request: ${response.url()} ${response.status()}`)
  })
  context.on('weberror', (thrown) => add(`uncaught: ${thrown.error().stack || thrown.error()}`))
  context.on('console', (message) => {
    // The browser's own line about a failed request comes without its reason: the two listeners above say it better.
    const isEcho = message.text().startsWith('Failed to load resource:')
    if (message.type() === 'error' && !isEcho) add(`console: ${message.text()} (${message.location().url})`)
  })
  return { requests, problems }
}

function isPage(request: Request): boolean {
  return request.isNavigationRequest() && request.frame().parentFrame() === null
}

function isForeign(url: string, allowed: string[]): boolean {
  const { protocol, origin } = new URL(url)
  return /^(https?|wss?):$/.test(protocol) && !allowed.includes(origin)
}
