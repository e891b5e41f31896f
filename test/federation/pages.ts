import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { lookForPairs } from '../../server/federation/same/actions.ts'
import { createGroup } from '../../server/group/actions.ts'
import { now, publicUrl } from '../helper.ts'
import { signInAs } from '../people.ts'
import { group } from '../world.ts'
import { addCopy, addItem, addSource } from './copies.ts'

type Answers = Record<string, { statusCode: number; body: string }>

/** Sources of every kind and state, records that wait, copies as lists and pages show them, and groups that are here twice. */
export async function askFederationPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const { source, copy, twins } = await fillSources(db, locale)
  await lookForPairs(db, publicUrl)
  const cookie = await signInAs(app, db, 'operator')
  const headers = { cookie, 'accept-language': locale }
  const get = (url: string) => app.inject({ url, headers })
  const post = (url: string, fields: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(fields).toString(),
      headers: { ...headers, origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
    })
  const one = `/me/sources/${source}`
  const list = await get('/me/sources?done=removed')
  const duplicates = await get('/me/duplicates?done=undo')
  await post('/me/duplicates', { one: twins[0]!, other: twins[1]!, do: 'same' })
  return {
    'sources followed': list,
    'an ecosystem’s sources': await get('/e/energie/sources'),
    'a source refused': await post('/me/sources', {
      url: 'x:',
      mapping: 'x',
      quota: 'x',
      keywords: Array.from({ length: 51 }, (_, at) => `k${at}`).join(),
    }),
    'records that are new': await get(`${one}?state=new&done=save`),
    'records that changed': await get(`${one}?state=changed`),
    'records that are gone': await get(`${one}?state=gone`),
    'records refused': await get(`${one}?state=refused`),
    'a source blocked': await get(`/me/sources/blocked-${locale}`),
    'a source to be removed': await get(`${one}/remove`),
    'here twice': duplicates,
    'decided to be one': await get('/me/duplicates?done=same'),
    'a copy': await get(`/g/${copy}`),
    'lists with copies': await get('/groups?q=ailleurs&activity=any'),
    'a widget with copies': await get('/embed/cards?q=ailleurs'),
    'notices about sources': await get('/me'),
  }
}

async function fillSources(db: Db, locale: string) {
  const origin = `https://${locale}.ailleurs.example`
  const source = await addSource(db, {
    id: `s-${locale}`,
    origin,
    outcome: 'http-503',
    fails: 2,
    paused: 'rise',
    keyword: 'energie',
    keywords: '["energie"]',
  })
  for (const [at, trust] of (['blocked', 'automatic'] as const).entries()) {
    // A block is of a whole server.
    const home = trust === 'blocked' ? `https://${locale}.bloque.example` : origin
    await addSource(db, {
      id: `${trust}-${locale}`,
      origin: home,
      url: `${home}/${at}`,
      trust,
      seen_at: null,
      outcome: at ? 'ok' : null,
      mapping: '{"a":"b"}',
    })
  }
  const energie = { slug: 'energie', label: 'Énergie' }
  const named = (name: string) => group({ shortName: `${name}-${locale}`, name: `${name} d’ailleurs`, keywords: [energie] })
  const home = [{ service: 'home' as const, url: `${origin}/` }]
  await addItem(db, source, { ...named('neuf'), place: 'Brest', country: 'FR', links: home, keywords: [energie, { slug: 'a', label: 'A' }] })
  await addItem(db, source, named('neuve'))
  await addItem(db, source, named('parti'), { state: 'gone', record: null, reason: 'deleted' })
  await addItem(db, source, named('faux'), { state: 'refused', reason: 'name: missing' })
  const changed = await addCopy(
    db,
    source,
    { ...named('change'), summary: 'Avant.', links: home },
    { state: 'changed', record: JSON.stringify(named('change')) },
  )
  await addCopy(db, source, named('pareil'), { state: 'changed' })
  const ours = await createGroup(db, { ...named('change-ici'), place: 'Brest', country: 'FR', links: home }, { at: now, via: 'command' })
  await db.updateTable('group_record').set({ gone_at: '2026-09-01T00:00:00.000Z' }).where('id', '=', changed).execute()
  return { source: source.id, copy: `change-${locale}`, twins: [changed, ours.id] }
}

/** What the parts of these pages are given. */
// biome-ignore lint/suspicious/noExplicitAny: the models are as different as the pages.
export function federationModels(all: (name: string) => any[], cards: any[]): Record<string, object[]> {
  const pages = [...all('federation/sources'), ...all('federation/source')]
  return {
    'part/kept-at': cards.filter(({ keptAt }) => keptAt),
    'part/also': cards.filter(({ also }) => also.length > 0),
    'federation/source-state': pages.flatMap(({ source, sources }) => source ?? sources),
    'federation/source-form': pages,
    'federation/work-item': all('federation/source').flatMap(({ items, ...page }) => items.map((item: object) => ({ ...page, ...item }))),
    'federation/side': all('federation/duplicates').flatMap(({ pairs }) => pairs.flatMap(({ sides }: { sides: object[] }) => sides)),
  }
}
