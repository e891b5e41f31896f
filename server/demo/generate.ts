import type { Group, Link, Position } from '../schema-types.ts'
import { toSlug } from '../text/fold.ts'
import { type Random, randomFrom } from '../text/random.ts'
import { joints, places, subjects, type VocabularyLocale, vocabulary } from './vocabulary.ts'

const shares = { french: 0.6, placed: 0.8, counted: 0.5, links: 4 }
const keywordsInUse = 400

/** As many plausible groups as asked, in French and English, always the same for a seed. Words and keywords follow Zipf's law. */
export function* generateGroups(count: number, seed: number): Generator<Group> {
  const random = randomFrom(seed)
  const words = { fr: vocabulary('fr'), en: vocabulary('en') }
  const keywords = Array.from({ length: keywordsInUse }, (_, rank) => keywordLabel(words.fr, rank))
  for (let number = 1; number <= count; number++) yield makeGroup(number, random, words, keywords)
}

function makeGroup(number: number, random: Random, vocabularies: Record<VocabularyLocale, string[]>, labels: string[]): Group {
  const language: VocabularyLocale = random() < shares.french ? 'fr' : 'en'
  const words = vocabularies[language]
  const subject = pick(subjects[language], random)
  const [place, country, lat, lng] = pick(places, random)
  const shortName = `g${number}-${toSlug(subject)}`.slice(0, 40).replace(/-+$/, '')
  return {
    name: `${capital(subject)} ${zipf(words.slice(60), random)} ${joints[language]} ${place}`,
    summary: `${sentence(words, 8 + Math.floor(random() * 8), random)}`,
    type: pick(['thematic', 'territorial', 'territorial', 'support'] as const, random),
    shortName,
    description: description(words, random),
    languages: random() < 0.15 ? [language, language === 'fr' ? 'en' : 'fr'] : [language],
    keywords: pickKeywords(labels, random),
    ...(random() < 0.7 ? { activity: pick(['active', 'active', 'active', 'active', 'preparing', 'archived'] as const, random) } : {}),
    country,
    place,
    ...(random() < shares.placed ? { position: near(lat, lng, random) } : {}),
    ...(random() < shares.counted
      ? { memberCount: Math.floor(10 * (1 + random() * 9) ** 2.5), memberCountAt: `2026-0${1 + Math.floor(random() * 9)}-01` }
      : {}),
    links: makeLinks(shortName, random),
    ...(random() < 0.1 ? { roles: [{ role: pick(['facilitator', 'news', 'meetings'] as const, random), wanted: true }] } : {}),
  }
}

/** About 85 words in three paragraphs. */
function description(words: string[], random: Random): string {
  return Array.from({ length: 3 }, () => [9, 11, 9].map((length) => sentence(words, length, random)).join(' ')).join('\n\n')
}

function sentence(words: string[], length: number, random: Random): string {
  return `${capital(Array.from({ length }, () => zipf(words, random)).join(' '))}.`
}

function pickKeywords(labels: string[], random: Random): NonNullable<Group['keywords']> {
  const chosen = new Set(Array.from({ length: 2 + Math.floor(random() * 5) }, () => zipf(labels, random)))
  return [...chosen].map((label) => ({ slug: toSlug(label), label }))
}

function makeLinks(shortName: string, random: Random): Link[] {
  const host = `https://${shortName}.example`
  const offered: Link[] = [
    { service: 'home', url: `${host}/` },
    { service: 'news', url: `${host}/news`, label: 'News' },
    { service: 'discussion', url: `https://talk.example/${shortName}` },
    { service: 'subscribe', url: `${host}/join` },
  ]
  return offered.slice(0, 1 + Math.floor(random() * shares.links))
}

function near(lat: number, lng: number, random: Random): Position {
  const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5
  return { lat: round(lat + (random() - 0.5) * 0.6), lng: round(lng + (random() - 0.5) * 0.6), precision: random() < 0.7 ? 'place' : 'exact' }
}

function keywordLabel(words: string[], rank: number): string {
  return rank === 0 ? 'commun' : `${words[60 + rank]}`
}

/** Rank r with a probability of about 1/r: the inverse of the logarithm's integral. */
function zipf(list: string[], random: Random): string {
  return list[Math.floor(list.length ** random()) - 1] ?? list[0]!
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)]!
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
