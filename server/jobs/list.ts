import { purgeAccounts } from '../account/purge.ts'
import { purgeLetters } from '../contact/purge.ts'
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
  { name: 'forget deleted groups', every: 24 * hour, run: async (db, now) => void (await forgetDeleted(db, now.toISOString())) },
  { name: 'purge accounts', every: hour, run: (db, now) => purgeAccounts(db, now.getTime()) },
  { name: 'purge letters', every: hour, run: purgeLetters },
  { name: 'purge mails', every: hour, run: purgeMails },
  { name: 'purge moderation', every: hour, run: purgeModeration },
  { name: 'purge pictures', every: 24 * hour, run: (db, now, config) => purgePictures(db, now, uploadsFolder(config)) },
  { name: 'mark copies', every: 6 * hour, run: async (db, now) => void (await markCopies(db, now)) },
]
