import type { GroupRow } from '../db/tables.ts'
import { ecosystemIri } from '../group/json-ld.ts'
import { iriOf } from '../group/present.ts'
import type { EcosystemRecord } from '../schema-types.ts'
import { jsonLdContext } from '../text/json-ld.ts'
import * as urls from '../urls.ts'

/** One page of an ecosystem's groups. */
export interface MemberPage {
  groups: Pick<GroupRow, 'id' | 'name' | 'short_name' | 'origin_server' | 'source_url'>[]
  /** How many groups all pages hold together. */
  total: number
  /** Addresses of the first page, of this one and of the next, root-relative. */
  first: string
  self: string
  next?: string
}

// schema.org has no words for a list that comes page by page; Hydra's are those that programs follow.
const context = { ...jsonLdContext, hydra: 'http://www.w3.org/ns/hydra/core#' }

/** An ecosystem in the words of schema.org, with a page of its groups. A keyword that nobody registered is no organisation: a term, and a list. */
export function toEcosystemJsonLd(record: EcosystemRecord, publicUrl: string, page?: MemberPage): object {
  const members = page?.groups.map((group) => toMember(group, publicUrl)) ?? []
  const view = page && { 'hydra:view': toView(page, publicUrl) }
  if (!record.registered) {
    return {
      '@context': context,
      '@type': 'ItemList',
      '@id': record.url,
      name: record.title,
      about: { '@type': 'DefinedTerm', termCode: record.keyword, name: record.title },
      numberOfItems: record.groupCount,
      itemListElement: members.length > 0 ? members.map((item) => ({ '@type': 'ListItem', item })) : undefined,
      ...view,
    }
  }
  return {
    '@context': context,
    '@type': 'Organization',
    '@id': ecosystemIri(record.url),
    url: record.url,
    name: record.title,
    alternateName: record.keyword,
    description: record.summary,
    knowsLanguage: record.languages,
    keywords: record.keyword,
    member: members.length > 0 ? members : undefined,
    ...view,
    mainEntityOfPage: { '@type': 'WebPage', '@id': record.url, dateModified: record.updatedAt },
  }
}

function toMember(group: MemberPage['groups'][number], publicUrl: string): object {
  return {
    '@type': 'Organization',
    '@id': iriOf(group, publicUrl),
    name: group.name,
    url: urls.absolute(publicUrl, urls.group(group.short_name)),
  }
}

/** Says which part of the groups this is, and where the others are. */
function toView({ total, first, self, next }: MemberPage, publicUrl: string): object {
  const at = (path: string) => ({ '@id': urls.absolute(publicUrl, path) })
  return {
    ...at(self),
    '@type': 'hydra:PartialCollectionView',
    'hydra:totalItems': total,
    'hydra:first': at(first),
    'hydra:next': next === undefined ? undefined : at(next),
  }
}
