const seeds = [
  '[',
  '![',
  '> ',
  '*',
  '**a ',
  '[a](',
  '<',
  '`',
  '- ',
  '1. ',
  '_a',
  '(',
  '\\',
  '&',
  '[x][',
  '|a',
  '~~',
  '# ',
  'http://',
  'a@',
  '  - ',
  '"',
  "'",
  '[](<',
]

/** Texts of 5,000 signs that a careless reader of Markdown takes minutes for. */
export const nested = seeds.map((seed) => seed.repeat(Math.ceil(5000 / seed.length)).slice(0, 5000))
