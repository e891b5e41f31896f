import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Font, readWoff } from './font.ts'
import { type ShareSubject, sharePictureSvg } from './share-picture.ts'

/** Turns subjects into PNG pictures, one at a time and off the main thread. */
export interface Painter {
  /** The picture; `key` says which version, and the last ones painted are kept. */
  paint(key: string, subject: () => ShareSubject): Promise<Buffer>
}

const family = 'Atkinson Hyperlegible'
const kept = 64

/** `dir` is where the fonts are unpacked at the first picture: the renderer reads them from files. */
export function createPainter(dir: string): Painter {
  const done = new Map<string, Promise<Buffer>>()
  let fonts: Promise<{ fonts: Font[]; files: string[] }> | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function render(subject: ShareSubject): Promise<Buffer> {
    fonts ??= unpackFonts(dir)
    const known = await fonts
    const { renderAsync } = await import('@resvg/resvg-js')
    const options = { fontFiles: known.files, loadSystemFonts: false, defaultFontFamily: family }
    return (await renderAsync(sharePictureSvg(subject, known.fonts), { font: options })).asPng()
  }

  return {
    paint(key, subject) {
      const known = done.get(key)
      if (known) return known
      const picture = queue.then(() => render(subject()))
      queue = picture.catch(() => undefined)
      done.set(key, picture)
      picture.catch(() => done.delete(key))
      if (done.size > kept) done.delete(done.keys().next().value!)
      return picture
    },
  }
}

async function unpackFonts(dir: string): Promise<{ fonts: Font[]; files: string[] }> {
  await mkdir(dir, { recursive: true })
  const [fonts, files]: [Font[], string[]] = [[], []]
  for (const [script, suffix] of [
    ['latin', '1'],
    ['latin-ext', '2'],
  ] as const) {
    for (const weight of [400, 700] as const) {
      const name = `atkinson-hyperlegible-${script}-${weight}-normal`
      const woff = await readFile(fileURLToPath(import.meta.resolve(`@fontsource/atkinson-hyperlegible/files/${name}.woff`)))
      const font = readWoff(woff, { family, weight, suffix })
      fonts.push(font)
      files.push(await keep(join(dir, `${name}.ttf`), font.file))
    }
  }
  return { fonts, files }
}

/** Whole or not at all: another process may read it meanwhile. */
async function keep(file: string, content: Buffer): Promise<string> {
  const there = await stat(file).catch(() => undefined)
  if (there?.size === content.length) return file
  await writeFile(`${file}.${process.pid}`, content)
  await rename(`${file}.${process.pid}`, file)
  return file
}
