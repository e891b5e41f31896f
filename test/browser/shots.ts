// node test/browser/shots.ts [ADDRESS] [PATH…]: a picture of each page of a running site, at both widths and in both colour schemes, into .shots/.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launch } from './chromium.ts'

const [address = 'http://127.0.0.1:3000', ...given] = process.argv.slice(2)
const paths = given.length ? given : ['/', '/groups', '/ecosystems', '/e/coop-group', '/e/openstreetmap', '/about', '/privacy', '/not-there']
const folder = join(import.meta.dirname, '../../.shots')

const ends: (() => unknown)[] = []
mkdirSync(folder, { recursive: true })
try {
  const browser = await launch({ teardown: (end) => ends.push(end) })
  for (const width of [360, 1280]) for (const theme of ['light', 'dark'] as const) await shoot(browser, width, theme)
} finally {
  for (const end of ends) await end()
}

async function shoot(browser: Browser, width: number, theme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, locale: 'fr-FR', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && console.error(`${page.url()}: ${message.text()}`))
  for (const path of paths) {
    const response = await page.goto(new URL(path, address).href)
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    const file = join(folder, `${nameOf(path)}-${width}-${theme}.png`)
    await page.screenshot({ path: file, fullPage: true })
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    console.log(`${response?.status()} ${file}${overflow > 0 ? `  wider than the window by ${overflow} px` : ''}`)
  }
  await context.close()
}

function nameOf(path: string): string {
  return path.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'home'
}
