import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { type Executable, packedChromium } from './packed-chromium.ts'

type Teardown = { teardown(end: () => unknown): void }

const systemPrograms = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

// The resolver rule makes every other host unknown, so that no test can reach the world, whatever a page asks for.
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** A real Chromium, closed with `t`: the system's if there is a working one, else the packed one. One a test file; its pages come from `newPage`. */
export async function launch(t: Teardown): Promise<Browser> {
  const { executablePath, env } = (await systemChromium()) ?? (await packedChromium())
  const browser = await chromium.launch({ executablePath, env: { ...process.env, ...env }, args: flags, chromiumSandbox: false })
  t.teardown(() => browser.close())
  return browser
}

/** Asked for its version, because some systems have a stand-in there that only says where to get the real one. */
async function systemChromium(): Promise<Executable | undefined> {
  for (const executablePath of systemPrograms) {
    const version = await promisify(execFile)(executablePath, ['--version'], { timeout: 10_000 }).catch(() => undefined)
    if (/^(Chromium|Google Chrome) \d/.test(version?.stdout ?? '')) return { executablePath, env: {} }
  }
  return undefined
}
