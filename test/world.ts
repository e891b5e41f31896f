import type { Db } from '../server/db/tables.ts'
import { saveEcosystem, saveListings } from '../server/ecosystem/actions.ts'
import { createGroup, deleteGroup, editGroup } from '../server/group/actions.ts'
import type { Ecosystem, Group } from '../server/schema-types.ts'
import { now } from './helper.ts'

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

/** Carries the keyword of `energie` and was not accepted there; met for the last time before `now`. */
export const phare: Group = group({
  shortName: 'phare-citoyen',
  name: 'Phare citoyen',
  summary: 'Des sobriétés choisies, « à la lumière ».',
  keywords: [{ slug: 'energie', label: 'Énergie' }],
  languages: ['fr'],
  activity: 'preparing',
  parent: 'jardin-de-la-rade',
  nextMeeting: { at: '2026-11-20T18:00:00.000Z', place: 'Salle du passé' },
  links: [
    { service: 'administration', url: 'https://phare.example/cuisine' },
    { service: 'tracking', url: 'https://phare.example/suivi-public' },
  ],
  publicServices: ['tracking'],
})

/** Written from right to left. */
export const sama: Group = group({
  shortName: 'nadi-sama',
  name: 'نادي السماء',
  summary: 'نرصد النجوم معا.',
  description: 'كل مساء <script>alert(1)</script>',
  keywords: [{ slug: 'علم-الفلك', label: 'علم الفلك' }],
  languages: ['ar', 'fr'],
  activity: 'active',
  nextMeeting: { at: '2026-12-24T18:00:00.000Z', url: 'https://sama.example/salle' },
})

export const attic: Group = group({
  shortName: 'grenier',
  name: 'Grenier des marées',
  keywords: [{ slug: 'jardin', label: 'jardin' }],
  activity: 'archived',
})

/** Curated: lists those who were accepted. */
export const energy: Ecosystem = {
  keyword: 'energie',
  title: 'Énergies d’ici',
  summary: 'Les groupes qui produisent et partagent.',
  presentation: 'Un écosystème **inventé**.',
  languages: ['fr'],
  policy: 'curated',
  kernelGroup: 'jardin-de-la-rade',
  charter: { version: 2, conditions: ['Ouvert à tous.', 'Tout est partagé.'] },
  tools: [{ service: 'discussion', name: 'La place', url: 'https://place.example/' }],
  related: ['https://ailleurs.example/e/energie'],
}

/** `many` more groups, each with a keyword of its own size and a number of members shared with others. */
export function crowd(many: number): Group[] {
  return Array.from({ length: many }, (_, at) =>
    group({
      shortName: `balise-${at + 1}`,
      name: `Balise ${String(at + 1).padStart(3, '0')}`,
      type: at % 3 === 0 ? 'support' : 'thematic',
      keywords: [{ slug: 'balise', label: at % 2 ? 'Balise' : 'balise' }],
      ...(at % 4 === 0 ? {} : { memberCount: at % 5 }),
    }),
  )
}

/** The whole cast in a database: also a group that moved (from `vieux-port` to `nouveau-port`) and one deleted (`epave`). */
export async function fill(db: Db, many = 30): Promise<{ deletedId: string }> {
  const by = { at: now, via: 'command' as const }
  const listed = await createGroup(db, rade, by)
  for (const one of [phare, sama, attic, ...crowd(many)]) await createGroup(db, one, by)
  const port = group({ shortName: 'vieux-port', name: 'Port', languages: ['fr'], activity: 'active' })
  await editGroup(db, await createGroup(db, port, by), { ...port, shortName: 'nouveau-port' }, by)
  const wreck = await createGroup(db, group({ shortName: 'epave', name: 'Épave' }), by)
  await deleteGroup(db, wreck, by)
  await saveEcosystem(db, energy, now)
  await saveListings(db, [{ keyword: 'energie', group_id: listed.id, state: 'accepted', at: now }])
  return { deletedId: wreck.id }
}
