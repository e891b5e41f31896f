import t from 'tap'
import { generateGroups } from '../../../server/demo/generate.ts'
import { examine } from '../../../server/federation/copies/record.ts'
import { toProfile } from '../../../server/federation/index/present.ts'
import { checkProfile } from '../../../server/federation/index/validate.ts'
import { toRecord } from '../../../server/group/present.ts'
import { findGroup } from '../../../server/group/queries.ts'
import { toRow } from '../../../server/group/row.ts'
import { now, openSqlite, publicUrl } from '../../helper.ts'
import { group, rade } from '../../world.ts'
import { addSource } from '../copies.ts'
import { get, openIndex, post } from './index.ts'

const db = await openSqlite(t)
const { app } = await openIndex(t, db)

t.test('a group as a profile', async (t) => {
  const { status, headers, body } = await get(app, '/g/jardin-de-la-rade/murmurations.json')
  const row = (await findGroup(db, 'jardin-de-la-rade'))!
  t.equal(status, 200)
  t.match(headers, { 'content-type': /^application\/json/, 'access-control-allow-origin': '*' })
  t.same(body, {
    linked_schemas: ['organizations_schema-v1.0.0'],
    name: 'Jardin de la rade',
    nickname: 'jardin-de-la-rade',
    primary_url: 'https://jardin.example/',
    unique_id: `${publicUrl}/id/${row.id}`,
    description: 'Un jardin partagé face à la mer.\n\nOn y sème, on y récolte et on y discute. Ouvert à tous, sans cotisation.',
    status: 'active',
    tags: ['Jardin', 'Énergie'],
    urls: [{ name: 'Par courriel', url: 'https://jardin.example/liste' }],
    locality: 'Brest',
    region: 'Bretagne',
    country_iso_3166: 'FR',
    geolocation: { lat: 48.3904, lon: -4.4861 },
    relationships: [{ predicate_url: 'https://schema.org/memberOf', object_url: `${publicUrl}/e/energie` }],
  })
  t.equal((await app.inject({ url: '/g/jardin-de-la-rade/murmurations.json', headers: { 'if-none-match': String(headers.etag) } })).statusCode, 304)
})

t.test('what is not known is not there; no links for insiders, no way to people', async (t) => {
  const { body } = await get(app, '/g/balise-1/murmurations.json')
  t.same(Object.keys(body).sort(), ['description', 'linked_schemas', 'name', 'nickname', 'primary_url', 'tags', 'unique_id'])
  t.equal(body.primary_url, `${publicUrl}/g/balise-1`)
  t.same((await get(app, '/g/phare-citoyen/murmurations.json')).body.urls, [{ url: 'https://phare.example/suivi-public' }])
  t.equal((await get(app, '/g/phare-citoyen/murmurations.json')).body.relationships, undefined, 'not accepted there')
  t.equal((await get(app, '/g/grenier/murmurations.json')).body.status, 'completed')
  const vague = profile({ position: { lat: 48, lng: -3, precision: 'region' }, links: [{ service: 'discussion', url: 'mailto:a@jardin.example' }] })
  t.same([vague.geolocation, vague.urls], [undefined, undefined])
  const pictured = profile({ logo: { url: '/uploads/a.webp', width: 1, height: 1, alt: '' } })
  t.equal(pictured.image, `${publicUrl}/uploads/a.webp`)
})

t.test('former names lead on, deleted groups are gone, copies are elsewhere', async (t) => {
  t.match(await app.inject('/g/vieux-port/murmurations.json'), { statusCode: 308, headers: { location: '/g/nouveau-port/murmurations.json' } })
  t.equal((await get(app, '/g/epave/murmurations.json')).status, 410)
  t.equal((await get(app, '/g/nobody/murmurations.json')).status, 404)
  t.match((await get(app, '/g/venu-d-ailleurs/murmurations.json?lang=en')).body, { status: 404, detail: /https:\/\/ailleurs\.example/ })
})

t.test('every profile is as it should be, and a server like this one understands it', async (t) => {
  const source = await addSource(db, { id: 's1', kind: 'murmurations-index' })
  for (const one of [rade, ...generateGroups(60, 7)]) {
    const made = profile(one)
    t.same(checkProfile(made, new Date(now)), [], one.shortName)
    const iri = `https://ailleurs.example/g/${one.shortName}/murmurations.json`
    const verdict = examine({ iri, value: JSON.parse(JSON.stringify(made)) }, { source, publicUrl, now: new Date(now) })
    t.match(verdict, {
      kind: 'copy',
      group: { name: one.name, ...(one.country ? { country: one.country } : {}), ...(one.place ? { place: one.place } : {}) },
    })
  }
})

t.test('profiles are checked', async (t) => {
  const good = { linked_schemas: ['organizations_schema-v1.0.0'], name: 'Jardin' }
  const check = (profile: unknown) => post(app, '/v2/validate', profile, { headers: { 'accept-language': 'en' } })
  t.match(await check({ ...good, kvm_category: 'x', geolocation: { lat: 1, lon: 2 } }), { status: 200, body: { meta: { message: /follows/ } } })
  const wrong: [object, number, string, string][] = [
    [{ name: 'x' }, 400, 'Missing Required Property', '/linked_schemas'],
    [{ linked_schemas: good.linked_schemas }, 400, 'Missing Required Property', '/name'],
    [{ ...good, linked_schemas: [] }, 400, 'Not Enough Items', '/linked_schemas'],
    [{ ...good, linked_schemas: ['organizations_schema-v1.0.0', 'organizations_schema-v1.0.0'] }, 400, 'Duplicate Value', '/linked_schemas'],
    [{ ...good, linked_schemas: ['people_schema-v0.1.0'] }, 404, 'Error loading schema', '/linked_schemas'],
    [{ ...good, linked_schemas: ['Bad'] }, 404, 'Error loading schema', '/linked_schemas'],
    [{ ...good, name: 7 }, 400, 'Invalid Type', '/name'],
    [{ ...good, name: 'x'.repeat(201) }, 400, 'Invalid Length', '/name'],
    [{ ...good, primary_url: 'open.coop' }, 400, 'Pattern Mismatch', '/primary_url'],
    [{ ...good, geolocation: { lat: 91, lon: 0 } }, 400, 'Invalid Amount', '/geolocation/lat'],
    [{ ...good, geolocation: { lat: 1 } }, 400, 'Missing Required Property', '/geolocation/lon'],
    [{ ...good, status: 'sleepy' }, 400, 'Invalid Value', '/status'],
    [{ ...good, tags: [] }, 400, 'Not Enough Items', '/tags'],
    [{ ...good, tags: Array.from({ length: 101 }, String) }, 400, 'Too Many Items', '/tags'],
    [{ ...good, '@context': 'x' }, 400, 'Pattern Mismatch', '/@context'],
    [{ ...good, camelCase: 'x' }, 400, 'Pattern Mismatch', '/camelCase'],
    [{ ...good, expires: 1_000_000_001 }, 400, 'Invalid Amount', '/expires'],
    [{ ...good, expires: 1 }, 400, 'Invalid Amount', '/expires'],
  ]
  for (const [profile, status, title, pointer] of wrong) {
    const answer = await check(profile)
    t.equal(answer.status, status, `${title} ${pointer}`)
    t.match(answer.body.errors[0], { status, title, source: { pointer }, detail: /.{5}/ }, JSON.stringify(profile).slice(0, 100))
  }
  t.equal((await check({ ...good, geolocation: { lat: 91, lon: 0 } })).body.errors.length, 1, 'each fault once')
  for (const body of ['{', '[]', '7', 'null']) t.match((await check(body)).body, { errors: [{ title: 'JSON Error' }] })
  t.match(await app.inject({ method: 'POST', url: '/v2/validate', payload: 'x', headers: { 'content-type': 'application/x-odd' } }), {
    statusCode: 415,
  })
})

t.test('any site may ask, and nobody is known by a cookie', async (t) => {
  t.match(await app.inject('/v2/ping'), {
    statusCode: 200,
    body: 'pong!',
    headers: { 'access-control-allow-origin': '*', 'content-type': /^text\/plain/ },
  })
  const headers = { origin: 'https://carte.example', 'sec-fetch-site': 'cross-site' }
  t.match(await post(app, '/v2/export', {}, { headers }), { status: 200, headers: { 'access-control-allow-origin': '*', 'set-cookie': undefined } })
  const preflight = await app.inject({ method: 'OPTIONS', url: '/v2/export', headers: { ...headers, 'access-control-request-method': 'POST' } })
  t.match(preflight, { statusCode: 204, headers: { 'access-control-allow-methods': /POST/, 'access-control-allow-headers': /Content-Type/ } })
  t.equal((await app.inject({ method: 'POST', url: '/preferences', headers })).statusCode, 403, 'elsewhere it stays refused')
})

function profile(facts: object) {
  const times = { created_at: now, updated_at: now, revision: 1, change_seq: 1, num: 1, id: '01936f2a-7c00-7a3e-9d51-4b2f60c8e1a7' }
  const none = { origin_server: null, source: null, source_id: null, source_url: null, gone_at: null, claimed_at: null, checked_at: null }
  return toProfile(toRecord(toRow(group({ shortName: 'essai', ...facts }), { ...times, ...none }), { publicUrl, ecosystems: new Map() }), publicUrl)
}
