import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { GroupRow } from '../db/tables.ts'
import type { Deps } from '../deps.ts'
import { badRequest } from '../errors.ts'
import { uploadName, uploadsFolder } from '../look/uploads.ts'
import type { Group, Picture } from '../schema-types.ts'
import { type Author, editGroup } from './actions.ts'
import { checkGroup } from './check.ts'
import { takeFields } from './edit-merge.ts'
import { changedFields } from './history-changes.ts'
import { findNameOwner, keepPictures } from './queries.ts'
import { toGroup } from './row.ts'

/**
 * Makes one field of the record (or all of them, without `field`) what it was in `then`. What cannot come back stays as it is: a short name that
 * another group has, a picture deleted since. Throws a 400 if nothing of what was asked can, or if today's rules refuse it, a 409 if `row` is not the newest.
 */
export async function restoreFields(deps: Deps, row: GroupRow, then: Group, field: keyof Group | undefined, by: Author): Promise<GroupRow> {
  const now = toGroup(row)
  const asked = changedFields(now, then).filter((one) => field === undefined || one === field)
  const lost = await lostFields(deps, row, then, asked)
  const { group, faults } = checkGroup(takeFields(now, then, without(asked, lost)))
  if (faults.length > 0) throw badRequest(faults)
  if (field && lost.length > 0) throw badRequest([{ field, message: { key: `history.lost.${field === 'shortName' ? 'name' : 'picture'}` } }])
  return isDeepStrictEqual(group, now) ? row : editGroup(deps.db, row, group, by)
}

async function lostFields({ db, config }: Deps, row: GroupRow, then: Group, asked: (keyof Group)[]): Promise<(keyof Group)[]> {
  const lost: (keyof Group)[] = []
  if (asked.includes('shortName')) {
    const owner = await findNameOwner(db, then.shortName)
    if (owner && owner.groupId !== row.id) lost.push('shortName')
  }
  for (const field of ['banner', 'logo', 'partners'] as const) {
    if (!asked.includes(field)) continue
    const pictures: (Picture | undefined)[] = field === 'partners' ? (then.partners ?? []).map(({ logo }) => logo) : [then[field]]
    const names = pictures.flatMap((picture) => (picture && uploadName(picture.url, config.publicUrl)) ?? [])
    // First marked as wanted: what is there then is not deleted before it is shown again.
    await keepPictures(
      db,
      names.map((name) => name.split('/')[0]!),
    )
    const there = await Promise.all(names.map((name) => isThere(join(uploadsFolder(config), name))))
    if (there.includes(false)) lost.push(field)
  }
  return lost
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function without<T>(list: T[], others: T[]): T[] {
  return list.filter((one) => !others.includes(one))
}
