import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { listAccepted, listCatalogueRows, listGone, readCounters } from '../../server/catalogue/queries.ts'
import { transaction } from '../../server/db/open.ts'
import { listChangedWords, listTerms, listWords } from '../../server/db/search.ts'
import type { Db } from '../../server/db/tables.ts'
import { generateGroups } from '../../server/demo/generate.ts'
import { findEcosystem } from '../../server/ecosystem/queries.ts'
import { listStanding } from '../../server/federation/copies/queries.ts'
import { listDeleted, listFormer, listOwn } from '../../server/federation/index/queries.ts'
import { countOwnGroups, findFeedEnd, listOwnChanges, listOwnGroups, listTimes } from '../../server/federation/publish/queries.ts'
import { hasForeign } from '../../server/federation/same/queries.ts'
import { putGroups } from '../../server/group/actions.ts'
import { findGroup, findGroupById, findNameOwner, findTombstone, listChildren, listGroupsByNum, listNameOwners } from '../../server/group/queries.ts'
import { findLastNumber, listShownPictures } from '../../server/picture/queries.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb } from '../helper.ts'
import { recorder } from './recorder.ts'

/** What requests ask of the database. None may read a whole table, except the catalogue's load, which must not touch the records on SQLite. */
const hot: Record<string, (db: Db) => Promise<unknown>> = {
  'change numbers': readCounters,
  'a group by short name': (db) => findGroup(db, 'anim-fr'),
  'a group by id': (db) => findGroupById(db, 'x'),
  'who has a short name': (db) => findNameOwner(db, 'anim-fr'),
  'who has these short names': (db) => listNameOwners(db, ['a', 'b']),
  'a deleted group': (db) => findTombstone(db, 'x'),
  'the groups of a page': (db) => listGroupsByNum(db, [1, 2, 3]),
  'groups born in a group': (db) => listChildren(db, 'cyou1'),
  'an ecosystem': (db) => findEcosystem(db, 'cyou'),
  'groups changed since': (db) => listCatalogueRows(db, 100, 120).next(),
  'groups gone since': (db) => listGone(db, 100),
  'words of groups changed since': (db) => listChangedWords(db, 100),
  'terms by number': (db) => listTerms(db, [1, 2, 3]),
  'how far the feed goes': findFeedEnd,
  'times of the pages of the feed': (db) => listTimes(db, [1, 251]),
  'a page of the feed': (db) => listOwnChanges(db, 1, 250),
  'a page of the feed of a keyword': (db) => listOwnChanges(db, 1, 1000, 'balise'),
  'own groups, to copy them': (db) => listOwnGroups(db, 0, 200, 'balise'),
  'how many groups are our own': countOwnGroups,
  'own groups changed since, for the index': (db) => listOwn(db, 100, 120).next(),
  'own groups deleted since, for the index': (db) => listDeleted(db, { from: 100, to: 120, since: now }),
  'copies that nobody saw for long': (db) => listStanding(db, { seenBefore: now }),
  'whether any group came from elsewhere': hasForeign,
  'pictures shown by some groups': (db) => listShownPictures(db, 0, 100),
  'the last number': findLastNumber,
  'former names of groups changed since': (db) => listFormer(db, { from: 100, to: 120, since: now }),
}

const whole: typeof hot = {
  'load of the catalogue': (db) => listCatalogueRows(db, 0, 1000).next(),
  'accepted groups': listAccepted,
  'load of the words': (db) => listWords(db).next(),
  'load of the terms': (db) => listTerms(db),
}

t.snapshotFile = join(import.meta.dirname, 'plans.snapshot.cjs')

eachEngine(t, 'plans of hot queries', async (t, open) => {
  const config = await open()
  const db = await openDb(t, config)
  await transaction(db, (tx) =>
    putGroups(
      tx,
      [...generateGroups(300, 1)].map((group) => ({ group })),
      { at: now, via: 'demo' },
    ),
  )
  // SQLite is never asked to look at what tables hold: plans go by their indexes alone.
  if (config.engine === 'postgres') await sql`analyze`.execute(db)
  const lines: string[] = []
  for (const [name, ask] of Object.entries({ ...hot, ...whole })) {
    const { db: recording, asked } = recorder(config.engine)
    await ask(recording)
    t.ok(asked.length > 0, `${name} asks something`)
    for (const query of asked) {
      const plan = await explain(db, config.engine, query)
      lines.push(`## ${name}`, ...plan, '')
      if (name in hot)
        for (const line of plan)
          t.notMatch(line, config.engine === 'sqlite' ? /^\s*SCAN (?!counter)/ : /Seq Scan on (?!counter|ecosystem)/, `${name}: ${line.trim()}`)
    }
  }
  if (config.engine === 'sqlite') t.match(lines.join('\n'), /load of the catalogue\n\s*SEARCH group_record USING COVERING INDEX group_record_change/)
  t.matchSnapshot(lines.join('\n'), config.engine)
})

async function explain(db: Db, engine: string, query: ReturnType<typeof recorder>['asked'][number]): Promise<string[]> {
  if (engine === 'sqlite') {
    const { rows } = await db.executeQuery<{ detail: string }>({ ...query, sql: `explain query plan ${query.sql}` })
    return rows.map(({ detail }) => detail)
  }
  // A small table is read whole whatever its indexes: forbid that where there is another way, to see whether there is one.
  return transaction(db, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx)
    const { rows } = await tx.executeQuery<{ 'QUERY PLAN': string }>({ ...query, sql: `explain (costs off) ${query.sql}` })
    return rows.map((row) => row['QUERY PLAN'])
  })
}
