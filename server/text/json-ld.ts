/** A script element that holds data, to be printed as it is: nothing in the data can end it or be executed. */
export function jsonLdScript(data: object): string {
  return `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

/** Words are schema.org's, and addresses are addresses; said in place, so that no program has to fetch anything to understand. */
export const jsonLdContext = {
  '@vocab': 'https://schema.org/',
  ...Object.fromEntries(['url', 'sameAs', 'logo', 'image', 'target', 'license'].map((name) => [name, { '@type': '@id' }])),
}
