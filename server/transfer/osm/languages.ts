import type { Resource } from './resource.ts'

const most = 10

/** English first, for the texts of the index are in English, then the languages of the resources, the commonest first. At most 10. */
export function toLanguages(resources: Resource[], country: string | undefined): string[] {
  const counts = new Map<string, number>()
  for (const { languageCodes } of resources) {
    for (const tag of new Set(languageCodes.flatMap((code) => toTag(code, country)))) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  const spoken = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).map(([tag]) => tag)
  return ['en', ...spoken.filter((tag) => tag !== 'en')].slice(0, most)
}

/** A well-formed tag; some entries give the code of the country for that of its language. */
function toTag(code: string, country: string | undefined): string[] {
  const meant = mistaken[`${code}/${country}`] ?? mistaken[code] ?? code
  try {
    return Intl.getCanonicalLocales(meant).filter((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) && tag.length <= 35)
  } catch {
    return []
  }
}

const mistaken: Record<string, string> = { cz: 'cs', vn: 'vi', 'pt-bt': 'pt-BR', 'tw/TW': 'zh-TW' }
