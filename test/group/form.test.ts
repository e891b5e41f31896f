import t from 'tap'
import { generateGroups } from '../../server/demo/generate.ts'
import { checkGroup } from '../../server/group/check.ts'
import { type FormBody, type FormFields, listValues, readFields, toFields } from '../../server/group/form-fields.ts'
import { fromFields } from '../../server/group/form-input.ts'
import { readKeywords, writeKeywords } from '../../server/group/form-keywords.ts'
import { languageNames, readLanguages, writeLanguages } from '../../server/group/form-languages.ts'
import { addRow, changeRows } from '../../server/group/form-rows.ts'
import { fromLocal, listZones, toLocal, zoneOf } from '../../server/group/form-time.ts'
import type { Group } from '../../server/schema-types.ts'
import { locales } from '../../server/text/translate.ts'
import { randomRecord } from '../transfer/records.ts'
import { attic, phare, rade, sama } from '../world.ts'

/** As a browser sends it, and as the server reads that. */
function sent(fields: FormFields): FormFields {
  const params = new URLSearchParams(new URLSearchParams(listValues(fields)).toString())
  const body: FormBody = {}
  for (const name of new Set(params.keys())) body[name] = params.getAll(name).length > 1 ? params.getAll(name) : params.get(name)!
  return readFields(body)
}

t.test('a record that went through its form is the same, whatever it says', async (t) => {
  const random = Array.from({ length: 400 }, (_, seed): Group => {
    const { id, iri, url, ecosystems, origin, createdAt, updatedAt, checkedAt, revision, ...group } = randomRecord(seed)
    // A browser knows one kind of line end; editPages keeps the other where nothing else changed.
    return { ...group, ...(group.description ? { description: group.description.replace(/\r\n?/g, '\n') } : {}) }
  })
  const records = [...random, ...generateGroups(100, 7), rade, phare, sama, attic]
  let wrong = 0
  for (const [at, record] of records.entries()) {
    const locale = locales[at % 2]!
    const zone = ['Europe/Paris', 'America/Martinique', 'Asia/Kolkata', 'UTC'][at % 4]!
    const { group, faults } = checkGroup(fromFields(sent(toFields(record, { locale, zone })), locale).input)
    const same = t.same([group, faults], [record, []], record.shortName)
    if (!same && ++wrong > 3) break
  }
})

t.test('every language has one name, which leads back to it', async (t) => {
  for (const locale of locales) {
    const names = languageNames(locale)
    t.ok(names.length > 150)
    t.equal(new Set(names).size, names.length)
    t.notMatch(names.join(''), ',')
    t.same(writeLanguages(readLanguages(names.join(', '), locale), locale), names.join(', '))
  }
  t.same(readLanguages('Français; BRETON, xx-klingon ,', 'fr'), ['fr', 'br', 'xx-klingon'])
})

t.test('keywords as people type them', async (t) => {
  t.same(readKeywords(' Jardin,Énergie\n\n  eau \r\n,"Eau, air",  "a"b'), ['Jardin', 'Énergie', 'eau', 'Eau, air', '"a"b'])
  t.same(readKeywords('",'.repeat(500_000)).length > 30, true, 'not for ever')
  for (const labels of [['a,b'], ['"a"', 'b"c"'], ['x', '"', 'y'], []]) t.same(readKeywords(writeKeywords(labels)), labels)
})

t.test('times are of the zone that is said, also when clocks change', async (t) => {
  t.equal(zoneOf('BJ'), 'Africa/Porto-Novo')
  t.equal(zoneOf(undefined), 'Europe/Paris')
  t.equal(zoneOf('XX'), 'Europe/Paris')
  t.ok(listZones().includes('Europe/Paris'))
  t.same(toLocal('2026-12-24T18:00:00.000Z', 'Europe/Paris'), { local: '2026-12-24T19:00', zone: 'Europe/Paris' })
  t.equal(fromLocal('2026-07-14T19:00', 'Europe/Paris'), '2026-07-14T17:00:00.000Z')
  t.equal(fromLocal('2026-07-14 at 7', 'Europe/Paris'), '2026-07-14 at 7')
  t.equal(fromLocal('2026-07-14T19:00', 'Mars/Olympus'), '2026-07-14T19:00')
  t.equal(fromLocal('2026-03-08T04:00', 'America/Los_Angeles'), '2026-03-08T11:00:00.000Z', 'just after the change')
  for (const at of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '0800-12-25T00:00:01.002Z']) {
    const { local, zone } = toLocal(at, 'Europe/Paris')
    t.equal(fromLocal(local, zone), at)
  }
})

t.test('rows are added, moved and taken away, and the focus follows', async (t) => {
  const fields = toFields({ welcome: ['un', 'deux', 'trois'] }, { locale: 'fr', zone: 'UTC' })
  const texts = (changed: { fields: FormFields } | undefined) => changed?.fields.lists.welcome.map(({ values }) => values.text ?? '')
  const asked: [string, string[], string][] = [
    ['welcome.1.up', ['deux', 'un', 'trois'], 'welcome.1.down'],
    ['welcome.2.up', ['un', 'trois', 'deux'], 'welcome.2.up'],
    ['welcome.0.down', ['deux', 'un', 'trois'], 'welcome.0.down'],
    ['welcome.0.up', ['un', 'deux', 'trois'], 'welcome.0.down'],
    ['welcome.1.remove', ['un', 'trois'], 'welcome.2.text'],
    ['welcome.2.remove', ['un', 'deux'], 'welcome.1.text'],
    ['welcome.add', ['un', 'deux', 'trois', ''], 'welcome.3.text'],
    ['welcome.9.up', ['un', 'deux', 'trois'], 'welcome.add'],
  ]
  for (const [doing, expected, focus] of asked) {
    const changed = changeRows(fields, doing)
    t.same(texts(changed), expected, doing)
    t.equal(changed?.focus, focus, doing)
  }
  for (const doing of ['save', 'name.add', 'welcome.0.explode']) t.notOk(changeRows(fields, doing), doing)
  let many = { fields, focus: '' }
  for (let at = 0; at < 200; at++) many = addRow(many.fields, 'links', {})
  t.ok(many.fields.lists.links.length < 100)
})

t.test('a fault is told at its field, wherever empty rows and the order of services put it', async (t) => {
  const fields = readFields({
    name: 'x',
    'links.4.service': 'news',
    'links.4.url': 'javascript:alert(1)',
    'links.1.service': 'home',
    'links.1.url': '',
    'links.7.service': 'home',
    'links.7.url': 'https://ok.example/',
    'links.9.service': 'club',
    'links.9.url': 'https://ok.example/',
    'partners.2.url': 'https://p.example/',
    'welcome.5.text': 'x'.repeat(201),
    'position.lat': '91',
    'position.lng': 'east',
    'nextMeeting.place': 'ici',
    memberCount: 'many',
    memberCountAt: '2026-01-01',
    'links.x.url': 'no row',
    'links.3.colour': 'no field',
  })
  const { input, nameOf } = fromFields(fields, 'fr')
  const { faults } = checkGroup(input)
  t.same(faults.map(({ field }) => nameOf(field)).sort(), [
    'links.4.url',
    'links.9.service',
    'memberCount',
    'nextMeeting.at',
    'partners.2.name',
    'position.lat',
    'position.lng',
    'shortName',
    'summary',
    'type',
    'welcome.5.text',
  ])
  t.equal(nameOf('keywords/3/label'), 'keywords')
  t.equal(nameOf('links'), 'links')
})
