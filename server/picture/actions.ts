import { setImmediate } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { transaction } from '../db/open.ts'
import type { Db, GroupRow } from '../db/tables.ts'
import { gone } from '../errors.ts'
import { type Author, putGroups } from '../group/actions.ts'
import { findGroupById } from '../group/queries.ts'
import { toGroup } from '../group/row.ts'
import { type PictureKind, uploadsFolder, widthsOf } from '../look/uploads.ts'
import type { Picture } from '../schema-types.ts'
import { daysBefore } from '../text/days.ts'
import type { MadePicture } from './make.ts'
import * as queries from './queries.ts'
import { removePicture, storePicture } from './store.ts'

interface PictureDeps {
  db: Db
  config: Pick<Config, 'dataDir'>
  clock: () => Date
}

const daysKept = 30

/** Keeps a picture's files: noted first, so that what a crash leaves behind is found and purged. Gives its address below /uploads. */
export async function keepPicture({ db, config, clock }: PictureDeps, made: MadePicture): Promise<string> {
  const { id, kind, width, height } = made
  const widths = JSON.stringify(widthsOf(kind, width))
  await queries.upsertPicture(db, { id, kind, width, height, widths, created_at: clock().toISOString() })
  await storePicture(uploadsFolder(config), made)
  return `${id}/${made.files.at(-1)!.name}`
}

/** Changes one picture of a record, whatever else was changed in it meanwhile; none takes it away. Throws `gone` if the group was deleted. */
export function setPicture(db: Db, groupId: string, kind: PictureKind, picture: Picture | undefined, by: Author): Promise<GroupRow> {
  return transaction(db, async (tx) => {
    const before = await findGroupById(tx, groupId)
    if (!before) throw gone({ key: 'error.groupDeleted' })
    const { [kind]: known, ...rest } = toGroup(before)
    if (JSON.stringify(known) === JSON.stringify(picture)) return before
    const [row] = await putGroups(tx, [{ before, group: { ...rest, ...(picture ? { [kind]: picture } : {}) } }], by)
    return row!
  })
}

/**
 * For a timer: pictures that no record shows are marked, and deleted after 30 days if none came to show them again
 * (a revision or a deleted group can be brought back for so long). Gives how many were deleted.
 */
export async function purgePictures(db: Db, now: Date, uploads: string): Promise<number> {
  const limit = daysBefore(daysKept, now)
  const pictures = await queries.listPictures(db)
  const shown = pictures.length > 0 ? await findShown(db) : new Set<string>()
  let deleted = 0
  for (const { id, unused_since: since } of pictures) {
    if (shown.has(id) !== (since === null)) await queries.setUnusedSince(db, id, shown.has(id) ? null : now.toISOString())
    else if (since !== null && since <= limit && (await purge(db, uploads, id, since))) deleted++
  }
  return deleted
}

async function findShown(db: Db): Promise<Set<string>> {
  const shown = new Set<string>()
  const last = await queries.findLastNumber(db)
  for (let after = 0; after < last; after += turn) {
    for (const id of (await queries.listShownPictures(db, after, after + turn)).flatMap(idsIn)) shown.add(id)
    await setImmediate()
  }
  return shown
}

// So many records between two breaths.
const turn = 2000

/** Who sends the same picture at this moment waits for the row, then makes its files anew. */
function purge(db: Db, uploads: string, id: string, since: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    if (!(await queries.deletePicture(tx, id, since))) return false
    await removePicture(uploads, id)
    return true
  })
}

function idsIn(text: string): string[] {
  return [...text.matchAll(/\/uploads\/([0-9a-f]{32})\//g)].map(([, id]) => id!)
}
