import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadePicture } from './make.ts'

/** Puts a picture's files into the folder of its name below `uploads`: each whole and on the disk, or not there. Those that are there stay. */
export async function storePicture(uploads: string, { id, files }: Pick<MadePicture, 'id' | 'files'>): Promise<void> {
  const folder = join(uploads, id)
  await mkdir(folder, { recursive: true })
  for (const { name, data } of files) await writeWhole(join(folder, name), data)
  await settle(folder)
  await settle(uploads)
}

/** Forgets a picture's files; no matter if they are gone already. */
export async function removePicture(uploads: string, id: string): Promise<void> {
  await rm(join(uploads, id), { recursive: true, force: true })
}

async function writeWhole(target: string, data: Buffer): Promise<void> {
  const known = await stat(target).catch(() => undefined)
  if (known?.size === data.length) return
  const unfinished = `${target}.${randomBytes(6).toString('hex')}.part`
  try {
    const file = await open(unfinished, 'wx')
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** Names are on the disk once their folder is; systems that cannot open a folder see to it themselves. */
async function settle(folder: string): Promise<void> {
  const opened = await open(folder, 'r').catch(() => undefined)
  await opened?.sync().catch(() => {})
  await opened?.close()
}
