const ligatures: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' }

/** Lower case without accents, vowel points or ligatures, in any script: « Œuvre » → `oeuvre`. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]/g, '')
    .replace(/[œæßøđðłþı]/g, (letter) => ligatures[letter]!)
    .normalize('NFC')
}

/** The address form of a keyword: folded, words joined by hyphens, at most 80 characters. Empty if nothing is left. */
export function toSlug(label: string): string {
  const words = fold(label).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return [...words.join('-')].slice(0, 80).join('').replace(/-+$/, '')
}
