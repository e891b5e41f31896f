import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { isUploadName } from '../look/uploads.ts'
import { decodeText, unreadable } from './format/unreadable.ts'
import type { Manifest } from './write-archive.ts'

export interface Archive {
  /** groups.ndjson. */
  text: AsyncIterable<string>
  /** It brings the picture of this name below DATA_DIR/uploads. */
  has(name: string): boolean
  /** Throws a 400 at the first picture that is not what the manifest says. */
  checkPictures(): Promise<void>
  /** Checks all, then copies those that are not there yet below `uploads`; gives how many. Copies all or none. */
  copyPictures(uploads: string): Promise<number>
  close(): void
}

const mostEntries = 500_000
const largestManifest = 100_000_000
const largestPicture = 10_000_000

/** Opens what `writeArchive` wrote. Throws a 400 for anything else. */
export async function openArchive(file: string): Promise<Archive> {
  const zip = await orUnreadable(() => openPromise(file, { autoClose: false, lazyEntries: true }))
  try {
    const entries = await orUnreadable(() => listEntries(zip))
    const groups = entries.get('groups.ndjson')
    const manifest = await orUnreadable(() => readManifest(zip, entries.get('manifest.json')))
    if (!groups || !manifest) throw unreadable('archive')
    return {
      text: decodeText(await zip.openReadStreamPromise(groups)),
      has: (name) => entries.has(`pictures/${name}`),
      checkPictures: () => checkPictures(zip, entries, manifest.pictures),
      copyPictures: (uploads) => copyPictures(zip, entries, manifest.pictures, uploads),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function orUnreadable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('E') ? error : unreadable('archive')
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    if (entries.size >= mostEntries) throw unreadable('archive')
    entries.set(entry.fileName, entry)
  }
  return entries
}

async function readManifest(zip: ZipFile, entry: Entry | undefined): Promise<Manifest | undefined> {
  if (!entry || entry.uncompressedSize > largestManifest) return undefined
  const manifest = JSON.parse(await textOf(await zip.openReadStreamPromise(entry))) as Partial<Manifest> | null
  const isOurs = manifest?.format === 'archipel' && manifest.version === 1 && Array.isArray(manifest.pictures)
  return isOurs ? (manifest as Manifest) : undefined
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const piece of decodeText(stream)) text += piece
  return text
}

async function checkPictures(zip: ZipFile, entries: Map<string, Entry>, pictures: Manifest['pictures']): Promise<void> {
  for (const { name, bytes, sha256 } of pictures) {
    const entry = entries.get(`pictures/${name}`)
    const isRight = isUploadName(String(name)) && entry?.uncompressedSize === bytes && bytes <= largestPicture
    if (!isRight || (await hashOf(zip, entry)) !== sha256) throw unreadable('picture', { name: shown(name) })
  }
}

/** Nothing if it cannot be read to its end. */
async function hashOf(zip: ZipFile, entry: Entry): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(await zip.openReadStreamPromise(entry), hash)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}

/** All that were copied, or none. */
async function copyPictures(zip: ZipFile, entries: Map<string, Entry>, pictures: Manifest['pictures'], uploads: string): Promise<number> {
  await checkPictures(zip, entries, pictures)
  const copied: string[] = []
  try {
    for (const { name } of pictures) {
      const target = join(uploads, name)
      if (await isThere(target)) continue
      await mkdir(dirname(target), { recursive: true })
      await copy(await zip.openReadStreamPromise(entries.get(`pictures/${name}`)!), target)
      copied.push(target)
    }
  } catch (error) {
    for (const target of copied) await rm(target, { force: true })
    throw error
  }
  return copied.length
}

/** Under another name until it is whole. */
async function copy(picture: Readable, target: string): Promise<void> {
  const unfinished = `${target}.part`
  try {
    await pipeline(picture, createWriteStream(unfinished))
    await rename(unfinished, target)
  } finally {
    await rm(unfinished, { force: true })
  }
}

function shown(name: unknown): string {
  return String(name)
    .replace(/[^\w./-]/g, '?')
    .slice(0, 100)
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
