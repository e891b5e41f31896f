import type { GroupRow } from '../db/tables.ts'
import { ecosystemIri } from '../group/json-ld.ts'
import type { EcosystemRecord } from '../schema-types.ts'
import { jsonLdContext } from '../text/json-ld.ts'
import * as urls from '../urls.ts'

/** An ecosystem in the words of schema.org, with these of its groups. A keyword that nobody registered is no organisation: a term, and a list. */
export function toEcosystemJsonLd(record: EcosystemRecord, groups: Pick<GroupRow, 'id' | 'name' | 'short_name'>[], publicUrl: string): object {
  const members = groups.map((group) => ({
    '@type': 'Organization',
    '@id': urls.absolute(publicUrl, urls.identity(group.id)),
    name: group.name,
    url: urls.absolute(publicUrl, urls.group(group.short_name)),
  }))
  if (!record.registered) {
    return {
      '@context': jsonLdContext,
      '@type': 'ItemList',
      '@id': record.url,
      name: record.title,
      about: { '@type': 'DefinedTerm', termCode: record.keyword, name: record.title },
      numberOfItems: record.groupCount,
      itemListElement: members.length > 0 ? members.map((item, at) => ({ '@type': 'ListItem', position: at + 1, item })) : undefined,
    }
  }
  return {
    '@context': jsonLdContext,
    '@type': 'Organization',
    '@id': ecosystemIri(record.url),
    url: record.url,
    name: record.title,
    alternateName: record.keyword,
    description: record.summary,
    knowsLanguage: record.languages,
    keywords: record.keyword,
    member: members.length > 0 ? members : undefined,
    mainEntityOfPage: { '@type': 'WebPage', '@id': record.url, dateModified: record.updatedAt },
  }
}
