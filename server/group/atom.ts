import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import type { GroupRecord } from '../schema-types.ts'
import { xmlText } from '../text/xml.ts'

export interface AtomFeed {
  /** The address of the feed's first page: the same for all its pages. */
  id: string
  title: string
  /** Language of the title. */
  lang: string
  /** Absolute addresses. */
  page: string
  self: string
  next?: string
  /** ISO time. */
  updated: string
  /** What an entry's categories are keywords of. */
  keywordScheme: string
  records: GroupRecord[]
}

/** A list of groups as an Atom feed (RFC 4287), paged as RFC 5005 says. Characters that XML cannot hold are left out. */
export function toAtom(feed: AtomFeed): string {
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' }).ele('http://www.w3.org/2005/Atom', 'feed', {
    'xml:lang': feed.lang,
  })
  root.ele('id').txt(xmlText(feed.id))
  root.ele('title').txt(xmlText(feed.title))
  root.ele('updated').txt(feed.updated)
  root.ele('generator').txt('Archipel')
  root.ele('link', { rel: 'alternate', type: 'text/html', href: xmlText(feed.page) })
  root.ele('link', { rel: 'self', type: 'application/atom+xml', href: xmlText(feed.self) })
  if (feed.next) root.ele('link', { rel: 'next', type: 'application/atom+xml', href: xmlText(feed.next) })
  for (const record of feed.records) addEntry(root, record, feed.keywordScheme)
  return root.end()
}

function addEntry(root: XMLBuilder, record: GroupRecord, scheme: string): void {
  const [language] = record.languages ?? []
  const entry = root.ele('entry', language ? { 'xml:lang': language } : {})
  // Not the address under /id/: an entry keeps its id when its server moves.
  entry.ele('id').txt(`urn:uuid:${record.id}`)
  entry.ele('title').txt(xmlText(record.name))
  entry.ele('updated').txt(record.updatedAt)
  entry.ele('published').txt(record.createdAt)
  entry.ele('author').ele('name').txt(xmlText(record.name))
  entry.ele('link', { rel: 'alternate', type: 'text/html', href: xmlText(record.url) })
  for (const { slug, label } of record.keywords ?? []) entry.ele('category', { term: slug, scheme, label: xmlText(label) })
  entry.ele('summary').txt(xmlText(record.summary))
}
