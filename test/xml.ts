import { readFileSync } from 'node:fs'
import { RelaxNGValidator, XmlDocument, XmlLibError } from 'libxml2-wasm'

/** Our retelling of a standard, which libxml2 holds a document to. */
export type Standard = 'atom' | 'sitemap'

// What RFC 4287 asks and a grammar cannot say: each finds what breaks a rule.
const rules: Record<Standard, [rule: string, breaks: string][]> = {
  atom: [
    ['4.1.1: a feed or each of its entries has an author', '/a:feed[not(a:author)]/a:entry[not(a:author)]'],
    ['4.1.1: a feed links to itself', '/a:feed[not(a:link[@rel="self"])]'],
    ['4.1.2: an entry without content links to its page', '//a:entry[not(a:content)][not(a:link[@rel="alternate" or not(@rel)])]'],
    ['4.1.1, 4.1.2: one alternate link of a type', '//a:link[@rel="alternate"][@type = preceding-sibling::a:link[@rel="alternate"]/@type]'],
    ['4.1.1: two entries of one id are of two moments', '//a:entry[a:id = preceding-sibling::a:entry/a:id]'],
  ],
  sitemap: [['a place is named once', '//s:loc[. = ../preceding-sibling::*/s:loc]']],
}
const namespaces = { a: 'http://www.w3.org/2005/Atom', s: 'http://www.sitemaps.org/schemas/sitemap/0.9' }

/** What libxml2 finds wrong with a document: nothing when it is well-formed and as the standard says. */
export function wrongInXml(text: string, standard: Standard): string[] {
  using grammar = XmlDocument.fromBuffer(readFileSync(new URL(`xml/${standard}.rng`, import.meta.url)))
  using validator = RelaxNGValidator.fromDoc(grammar)
  try {
    using document = XmlDocument.fromString(text)
    const broken = rules[standard].filter(([, breaks]) => document.find(breaks, namespaces).length > 0).map(([rule]) => rule)
    validator.validate(document)
    return broken
  } catch (error) {
    if (error instanceof XmlLibError) return [error.message]
    throw error
  }
}
