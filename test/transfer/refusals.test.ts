import t from 'tap'
import type { Db } from '../../server/db/tables.ts'
import { saveEcosystem } from '../../server/ecosystem/actions.ts'
import { createGroup } from '../../server/group/actions.ts'
import { findGroup } from '../../server/group/queries.ts'
import { describeFileReport } from '../../server/transfer/file-report.ts'
import { importForeign } from '../../server/transfer/import-foreign.ts'
import { describeReport } from '../../server/transfer/report.ts'
import { eachEngine } from '../engines.ts'
import { now, openDb, openSqlite, publicUrl } from '../helper.ts'
import { group, rade } from '../world.ts'
import { bring, en, lines, take } from './bring.ts'
import { pieces } from './records.ts'

const later = '2026-12-01T00:00:00.000Z'

const follow = (db: Db, text: string, at = now) =>
  importForeign(db, { file: 'test', format: 'csv', text: pieces(text), source: 'list', publicUrl, at, t: en })

t.test('every refused line is told, however many there are', async (t) => {
  const db = await openSqlite(t)
  const wrong = lines(...Array.from({ length: 1500 }, (_, at) => ({ ...group({ shortName: `g${at}` }), name: '' })))
  const report = await bring(db, 'ndjson', wrong)
  t.equal(report.refusals.length, 1500)
  t.equal(describeFileReport(report).match(/^ {2}Line \d+, name: “name” is needed\.$/gm)?.length, 1500)
  const foreign = await follow(
    db,
    `name,summary,type\n${'x,,thematic\n'.repeat(1)}${Array.from({ length: 1500 }, (_, at) => `n${at},,thematic\n`).join('')}`,
  )
  t.equal(describeReport(foreign).match(/^ {2}Line \d+, summary: “summary” is needed\.$/gm)?.length, 1501)
})

t.test('a character that nothing can show is not called a line break', async (t) => {
  const db = await openSqlite(t)
  const unreadable = 'This text holds a character that cannot be read.'
  const line = 'One line of text is expected, without a line break.'
  const facts: [string, object, string][] = [
    ...['a\ud800', 'a\u0000b', '\udfffa', 'a\u0007b', 'a\u0000\nb'].map((name): [string, object, string] => ['name', { name }, unreadable]),
    ['place', { place: 'a\u0000' }, unreadable],
    ['welcome/1', { welcome: ['Bonjour.', 'a\ud800'] }, unreadable],
    ['links/0/label', { links: [{ service: 'home', url: 'https://a.example', label: 'a\udc00' }] }, unreadable],
    ['keywords/0/label', { keywords: [{ slug: 'a', label: 'a\u0000' }] }, unreadable],
    ['name', { name: 'a\nb' }, line],
    ['place', { place: 'a\r\nb' }, line],
    ['description', { description: 'a\ud800' }, unreadable],
  ]
  for (const [field, fact, reason] of facts) {
    const { refusals } = await bring(db, 'ndjson', lines({ ...group({ shortName: 'odd' }), ...fact }))
    t.strictSame(refusals[0], { line: 1, field, reason }, JSON.stringify(fact))
  }
})

eachEngine(t, 'what a spreadsheet spoilt of what the server keeps is set aside, and what is known here stays', async (t, open) => {
  const db = await openDb(t, await open())
  const row = await createGroup(db, { ...rade, links: undefined }, { at: now, via: 'form' })
  const head = 'id,shortName,name,summary,type,memberCount,memberCountAt,createdAt,updatedAt,checkedAt,revision'
  const spoilt = '01/03/2026,21/11/2026 12:00,21/11/2026 12:00,21.11.26,"1,0"'
  const csv = `${head}\n${row.id},${rade.shortName},${rade.name},Autre résumé.,territorial,42,${spoilt}\n,nouveau,Nouveau,Un nouveau.,thematic,7,${spoilt}\n`
  const report = await bring(db, 'csv', csv, { at: later })
  t.match(report, { changed: [rade.shortName], added: ['nouveau'], refused: 0, written: true })
  t.same(
    report.spoilt.map(({ line, field }) => `${line} ${field}`),
    [2, 3].flatMap((line) => ['createdAt', 'updatedAt', 'checkedAt', 'revision', 'memberCountAt'].map((field) => `${line} ${field}`)),
  )
  t.match(describeFileReport(report), /Set aside[^\n]*:\n {2}Line 2, createdAt: A date and time are expected/)
  t.match(await findGroup(db, rade.shortName), {
    summary: 'Autre résumé.',
    created_at: now,
    updated_at: later,
    revision: 2,
    member_count_at: '2026-03-01',
  })
  t.match(await findGroup(db, 'nouveau'), { created_at: later, revision: 1, member_count: 7, member_count_at: null })
  t.match(await bring(db, 'csv', csv.replace(row.id, 'x')), { refused: 1, refusals: [{ line: 2, field: 'id' }] }, 'an id is needed as it is')
  t.match(await bring(db, 'ndjson', lines({ ...group({ shortName: 'c' }), createdAt: '21/11/2026' })), { refused: 1 }, 'no spreadsheet writes NDJSON')
})

eachEngine(t, 'the same of a source: what it said before stands', async (t, open) => {
  const db = await openDb(t, await open())
  const csv = (date: string, name = 'Club') => `shortName,name,summary,type,memberCount,memberCountAt\nclub,${name},Un club.,thematic,7,${date}\n`
  await follow(db, csv('2026-03-01'))
  t.match(await follow(db, csv('01/03/2026'), later), { changed: [], unchanged: 1, refused: 0, spoilt: [{ line: 2, field: 'memberCountAt' }] })
  t.match(await follow(db, csv('01/03/2026', 'Le club'), later), { changed: ['club'], refused: 0 })
  t.match(await findGroup(db, 'club'), { name: 'Le club', member_count_at: '2026-03-01' })
})

eachEngine(t, 'what a rule of the record forbids is refused by its field', async (t, open) => {
  const db = await openDb(t, await open())
  const picture = (url: string) => ({ url, width: 10, height: 10, alt: '' })
  const source = { source: 'list', sourceId: '7' }
  const facts: [string, object][] = [
    ...['en-a', 'abcd', 'fr-1', 'de-DE-DE', 'en-x'].map((tag): [string, object] => ['languages/0', { languages: [tag] }]),
    ['nextMeeting/at', { nextMeeting: { at: '2027-02-30T10:00:00Z' } }],
    ['createdAt', { createdAt: '2026-04-31T10:00:00Z' }],
    ['logo/url', { logo: picture('javascript:alert(1)') }],
    ['banner/url', { banner: picture('data:image/png;base64,AA') }],
    ['origin/source', { origin: { ...source, source: 'a\u0000b' } }],
    ['origin/sourceId', { origin: { ...source, sourceId: '\n' } }],
    ['origin/sourceUrl', { origin: { ...source, sourceUrl: 'javascript:alert(1)' } }],
  ]
  for (const [field, fact] of facts) {
    const { refusals, refused } = await bring(db, 'ndjson', lines({ ...group({ shortName: 'odd' }), ...fact }))
    t.match({ refused, field: refusals[0]?.field }, { refused: 1, field }, JSON.stringify(fact))
  }
  t.equal(await findGroup(db, 'odd'), undefined)
})

eachEngine(t, 'what can be written in several ways is kept in one', async (t, open) => {
  const db = await openDb(t, await open())
  const links = [{ service: 'subscribe', url: 'Mailto:A@b.example' }]
  const origin = { source: ' list', sourceId: '\ufeff7 ', sourceUrl: 'https://list.example/7\t' }
  const languages = ['PT-br', 'zh-hant']
  t.match(await bring(db, 'ndjson', lines({ ...group({ shortName: 'odd' }), links, origin, languages })), { added: ['odd'] })
  const row = (await findGroup(db, 'odd'))!
  t.match(row, { source: 'list', source_id: '7', source_url: 'https://list.example/7', languages: '["pt-BR","zh-Hant"]' })
  t.match(row.links, 'mailto:A@b.example')
  const csv = await take(db, 'csv')
  const empty = await openDb(t, await open())
  await bring(empty, 'csv', csv)
  t.equal(await take(empty, 'csv'), csv)
})

t.test('a row that was cut is refused, and loses nothing', async (t) => {
  const db = await openSqlite(t)
  await createGroup(db, rade, { at: now, via: 'form' })
  const csv = await take(db, 'csv')
  const cut = csv.slice(0, csv.lastIndexOf(','))
  t.match(await bring(db, 'csv', cut), { refused: 1, changed: [], refusals: [{ line: 2 }] })
  t.equal(await take(db, 'csv'), csv)
})

t.test('an ecosystem that nobody has joined is exported too; a keyword that nobody carries is not', async (t) => {
  const db = await openSqlite(t)
  await saveEcosystem(db, { keyword: 'vide', title: 'Vide', policy: 'open' }, now)
  t.match(await take(db, 'ndjson', { keyword: 'vide', private: true }), /^\{"ecosystem":\{"keyword":"vide"[^\n]*\n$/)
  t.equal(await take(db, 'ndjson', { keyword: 'Vide' }), '')
  await t.rejects(take(db, 'ndjson', { keyword: 'rien' }), { code: 'notFound' })
})
