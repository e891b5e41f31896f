/** The short names of the groups that a widget shows. */
export function namesIn(html: string): string[] {
  return [...html.matchAll(/<h2 [^>]*><a href="\/g\/([^"]+)"/g)].map(([, name]) => name!)
}

export interface Ways {
  /** Addresses of links that stay in the frame. */
  inside: string[]
  /** Tags of links that leave it. */
  outside: string[]
  /** What the search form sends besides its words. */
  form?: { action: string; hidden: [string, string][] }
}

/** Every way on from a widget. */
export function waysFrom(html: string): Ways {
  const links = [...html.matchAll(/<a [^>]*>/g)].map(([tag]) => tag).filter((tag) => !/href="#/.test(tag))
  const isInside = (tag: string) => tag.includes('target="_self"')
  const form = /<form [^>]*action="([^"]*)" target="_self">([\s\S]*?)<\/form>/.exec(html)
  const hidden = [...(form?.[2] ?? '').matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  return {
    inside: links.filter(isInside).map((tag) => plain(/href="([^"]*)"/.exec(tag)?.[1] ?? '')),
    outside: links.filter((tag) => !isInside(tag)),
    ...(form ? { form: { action: plain(form[1]!), hidden: hidden.map(([, name, value]) => [name!, plain(value!)]) } } : {}),
  }
}

function plain(text: string): string {
  return text.replaceAll('&#x3D;', '=').replaceAll('&#x27;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
