import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it'
import { once } from '../once.ts'

const markdown = once(makeParser)

/**
 * Sanitised HTML of a text written by anyone: no raw HTML, no picture, no script, links to http, https and mailto only.
 * The highest heading becomes `<h{headingOffset + 1}>`.
 */
export function renderMarkdown(text: string, { headingOffset = 2 } = {}): string {
  const parser = markdown()
  const tokens = parser.parse(text, {})
  shiftHeadings(tokens, headingOffset)
  return parser.renderer.render(tokens, parser.options, {})
}

/** The words of a Markdown text on one line, for search and summaries. Not HTML: escape it like any other text. */
export function plainText(text: string): string {
  const words = markdown()
    .parse(text, {})
    .map((token) => (token.children ?? [token]).map(wordsOf).join(''))
  return words.join(' ').replace(/\s+/g, ' ').trim()
}

function makeParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: true, breaks: true })
  parser.validateLink = (url) => /^(https?:\/\/|mailto:)[^\s]/i.test(url)
  parser.core.ruler.push('house', ({ tokens }) => {
    for (const token of tokens) {
      withoutStyle(token)
      if (token.children) token.children = picturesAsLinks(token.children)
    }
  })
  parser.renderer.rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('rel', 'nofollow noopener ugc')
    return self.renderToken(tokens, index, options)
  }
  return parser
}

/** Aligned tables come with style attributes, which the site's policy refuses. */
function withoutStyle(token: Token): void {
  if (token.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style')
}

/** A picture would be fetched from a stranger's server: it becomes a link, or its words when it already stands in a link. */
function picturesAsLinks(tokens: Token[]): Token[] {
  let inLink = 0
  return tokens.flatMap((token) => {
    if (token.type === 'link_open') inLink++
    if (token.type === 'link_close') inLink--
    if (token.type !== 'image') return [token]
    const words = textToken(token, token.content || String(token.attrGet('src') ?? ''))
    return inLink > 0 ? [words] : linkAround(token, words)
  })
}

function linkAround(image: Token, words: Token): Token[] {
  const make = image.constructor as typeof Token
  const open = new make('link_open', 'a', 1)
  open.attrSet('href', String(image.attrGet('src') ?? ''))
  return [open, words, new make('link_close', 'a', -1)]
}

function textToken(image: Token, content: string): Token {
  const words = new (image.constructor as typeof Token)('text', '', 0)
  words.content = content
  return words
}

function shiftHeadings(tokens: Token[], offset: number): void {
  const headings = tokens.filter(({ type }) => type.startsWith('heading_'))
  const highest = Math.min(...headings.map(levelOf))
  for (const heading of headings) heading.tag = `h${Math.min(6, levelOf(heading) - highest + offset + 1)}`
}

function levelOf(heading: Token): number {
  return Number(heading.tag.slice(1))
}

function wordsOf({ type, content }: Token): string {
  return type === 'softbreak' || type === 'hardbreak' ? ' ' : content
}
