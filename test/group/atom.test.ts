import { parseFeed } from 'feedsmith'
import t from 'tap'
import { toAtom } from '../../server/group/atom.ts'
import type { GroupRecord } from '../../server/schema-types.ts'
import { wrongInXml } from '../xml.ts'

t.test('what looks like an entity comes back as it was written', async (t) => {
  const text = 'R&D &lt;b&gt; &amp; <i>"AT&T"</i>'
  const record = {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    name: text,
    summary: text,
    keywords: [{ slug: 'r-d', label: text }],
    url: 'http://a.example/g/r?a=1&lt;=2',
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  } as GroupRecord
  const at = {
    id: 'http://a.example/groups',
    page: 'http://a.example/groups',
    self: 'http://a.example/groups.atom',
    keywordScheme: 'http://a.example/e/',
  }
  const xml = toAtom({ ...at, title: text, lang: 'en', updated: '2026-11-21T12:00:00.000Z', records: [record] })
  t.same(wrongInXml(xml, 'atom'), [])
  const { feed } = parseFeed(xml) as { feed: { title: { value: string }; entries: Record<string, unknown>[] } }
  t.equal(feed.title.value, text)
  t.match(feed.entries[0], { title: { value: text }, summary: { value: text }, categories: [{ label: text }], links: [{ href: record.url }] })
})
