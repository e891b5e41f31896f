import type { Group } from '../server/schema-types.ts'

/** The cast of the tests: groups that do not exist. */
export function group(facts: Partial<Group> & { shortName: string }): Group {
  return { name: facts.shortName, summary: `Le groupe ${facts.shortName}.`, type: 'thematic', ...facts }
}

export const rade: Group = group({
  shortName: 'jardin-de-la-rade',
  name: 'Jardin de la rade',
  summary: 'Un jardin partagé face à la mer.',
  type: 'territorial',
  description: 'On y sème, on y **récolte** et on y discute.\n\nOuvert à tous, sans cotisation.',
  languages: ['fr', 'br'],
  keywords: [
    { slug: 'jardin', label: 'Jardin' },
    { slug: 'energie', label: 'Énergie' },
  ],
  activity: 'active',
  country: 'FR',
  region: 'FR-BRE',
  place: 'Brest',
  position: { lat: 48.3904, lng: -4.4861, precision: 'place' },
  memberCount: 42,
  memberCountAt: '2026-03-01',
  meets: 'both',
  links: [
    { service: 'home', url: 'https://jardin.example/' },
    { service: 'subscribe', url: 'https://jardin.example/liste', label: 'Par courriel' },
    { service: 'tracking', url: 'https://jardin.example/suivi' },
  ],
  roles: [{ role: 'facilitator', wanted: true }],
  welcome: ['Dites bonjour.', 'Venez un samedi.'],
})
