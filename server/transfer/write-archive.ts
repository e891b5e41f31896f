import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { uploadFiles, uploadName } from '../look/uploads.ts'
import type { GroupRecord } from '../schema-types.ts'
import { writeNdjson } from './format/ndjson.ts'
import { pictureUrls } from './pictures.ts'

/** What an archive says of itself, in manifest.json. */
export interface Manifest {
  format: 'archipel'
  version: 1
  server: string
  exportedAt: string
  records: number
  /** Files below pictures/, named as below DATA_DIR/uploads. */
  pictures: { name: string; bytes: number; sha256: string }[]
}

/** Writes a zip with manifest.json, groups.ndjson and the pictures kept here that the records show. Gives the manifest. */
export async function writeArchive(
  records: AsyncIterable<GroupRecord[]>,
  out: Writable,
  { publicUrl, uploads, at, signal }: { publicUrl: string; uploads: string; at: string; signal?: AbortSignal },
): Promise<Manifest> {
  const folder = await mkdtemp(join(tmpdir(), 'archipel-export-'))
  try {
    const names = new Set<string>()
    const manifest: Manifest = { format: 'archipel', version: 1, server: publicUrl, exportedAt: at, records: 0, pictures: [] }
    const file = join(folder, 'groups.ndjson')
    await pipeline(Readable.from(writeNdjson(noting(records, manifest, names))), createWriteStream(file), { signal })
    for (const name of [...names].sort()) manifest.pictures.push(...(await describe(uploads, name)))
    const zip = new ZipFile()
    const options = { mtime: new Date(at), mode: 0o100644 }
    zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 'manifest.json', options)
    zip.addFile(file, 'groups.ndjson', options)
    for (const { name } of manifest.pictures) zip.addFile(join(uploads, name), `pictures/${name}`, { ...options, compress: false })
    const failed = new Promise<never>((_, reject) => zip.once('error', reject))
    zip.end()
    await Promise.race([pipeline(zip.outputStream, out, { signal }), failed])
    return manifest
  } finally {
    await rm(folder, { recursive: true, force: true })
  }

  async function* noting(batches: AsyncIterable<GroupRecord[]>, manifest: Manifest, names: Set<string>): AsyncGenerator<GroupRecord[]> {
    for await (const batch of batches) {
      const found = batch.flatMap(pictureUrls).flatMap((url) => uploadFiles(uploadName(url, publicUrl) ?? ''))
      for (const name of found) names.add(name)
      manifest.records += batch.length
      yield batch
    }
  }
}

/** Nothing for a picture that is not there: its record is worth keeping all the same. */
async function describe(uploads: string, name: string): Promise<Manifest['pictures']> {
  const file = join(uploads, name)
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return []
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return [{ name, bytes: found.size, sha256: hash.digest('hex') }]
}
