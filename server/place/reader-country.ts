/**
 * The country that a browser's languages speak of, ISO 3166-1 alpha-2: the one named with the first language (`fr, fr-CA`), else
 * where that language is at home. English alone says nothing.
 */
export function readerCountry(acceptLanguage = ''): string | undefined {
  const wishes = acceptLanguage.split(',', 20).flatMap((wish) => toLocale(wish) ?? [])
  const best = wishes.sort((a, b) => b.quality - a.quality)[0]?.locale
  if (!best) return undefined
  const named = wishes.find(({ locale }) => locale.language === best.language && isCountry(locale.region))?.locale.region
  const home = best.language === 'en' ? undefined : best.maximize().region
  return named ?? (isCountry(home) ? home : undefined)
}

function toLocale(wish: string): { locale: Intl.Locale; quality: number } | undefined {
  const [tag = '', ...params] = wish.split(';').map((part) => part.trim())
  const said = params.find((param) => param.startsWith('q='))
  const quality = said ? Number(said.slice(2)) : 1
  try {
    return quality > 0 ? { locale: new Intl.Locale(tag), quality } : undefined
  } catch {
    return undefined
  }
}

function isCountry(region: string | undefined): boolean {
  return /^[A-Z]{2}$/.test(region ?? '')
}
