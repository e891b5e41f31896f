import { purgeAccounts } from '../account/purge.ts'
import { purgeLetters } from '../contact/purge.ts'
import { tidyCopies } from '../federation/follow/actions.ts'
import { lookForPairs } from '../federation/same/actions.ts'
import { markCopies } from '../federation/show/actions.ts'
import { forgetDeleted } from '../group/actions.ts'
import { uploadsFolder } from '../look/uploads.ts'
import { purgeMails } from '../mail/purge.ts'
import { purgeModeration } from '../moderation/purge.ts'
import { purgePictures } from '../picture/actions.ts'
import type { Job } from './runner.ts'

const hour = 3600_000

/** What a timer does, beside sending mails. */
export const jobs: readonly Job[] = [
  { name: 'forget deleted groups', every: 24 * hour, run: forgetDeleted },
  { name: 'purge accounts', every: hour, run: purgeAccounts },
  { name: 'purge letters', every: hour, run: purgeLetters },
  { name: 'purge mails', every: hour, run: purgeMails },
  { name: 'purge moderation', every: hour, run: purgeModeration },
  { name: 'purge pictures', every: 24 * hour, run: (db, now, config) => purgePictures(db, now, uploadsFolder(config)) },
  { name: 'mark copies', every: 6 * hour, run: markCopies },
  { name: 'tidy copies', every: hour, run: (db, now, { publicUrl }) => tidyCopies(db, { publicUrl, now }) },
  { name: 'find pairs', every: hour / 6, run: (db, _now, { publicUrl }) => lookForPairs(db, publicUrl) },
]
