import t from 'tap'
import { signingKey } from '../../../server/federation/move/key.ts'
import { readClaim } from '../../../server/federation/move/statement.ts'
import { editGroup, forgetDeleted, restoreGroup } from '../../../server/group/actions.ts'
import { toGroup } from '../../../server/group/row.ts'
import { eachEngine } from '../../engines.ts'
import { tokenOf } from '../../people.ts'
import { group, phare } from '../../world.ts'
import { by, create, follow, listen, type Peer, pull, rowOf, startPeers, startTime } from '../follow/servers.ts'
import { expand } from '../publish/feed.ts'
import { arrive, ask, forwardings, leave, name, plant, readMembers, statementOf } from './servers.ts'

await eachEngine(t, 'a group leaves one server and arrives at another, step by step, without JavaScript', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  for (const page of ['edit', 'delete'])
    t.match((await ask(a, `/g/${name}/${page}`, { who: 'animator' })).body, `href="/g/${name}/move"`, `linked from ${page}`)

  const form = await ask(a, `/g/${name}/move`, { who: 'animator' })
  t.match(form, { status: 200, body: /<form[^>]+method="post" action="\/g\/jardin-de-la-rade\/move"/ })
  const shown = await ask(a, `/g/${name}/move`, { who: 'animator', fields: { address: `${b.origin}/g/${name}` } })
  t.equal(shown.status, 200)
  t.match(shown.body, fresh.iri, 'the page stands for the record')
  t.match(shown.body, 'Jardin de la rade')
  t.match(shown.body, new URL(b.origin).host)
  t.ok(await rowOf(a, name), 'nothing happens before it is confirmed')
  const other = await create(b, time, { shortName: 'autre' })
  const changed = await ask(a, `/g/${name}/move`, { who: 'animator', fields: { address: `${b.origin}/id/${other.id}`, to: fresh.iri } })
  t.match(changed, { status: 200, body: new RegExp(other.id) }, 'what is confirmed is what was shown')
  t.ok(await rowOf(a, name))

  t.match(await leave(a, fresh), { status: 303, location: `/g/${name}/move/done` })
  t.equal(await rowOf(a, name), undefined)
  const done = await ask(a, `/g/${name}/move/done`, { who: 'animator' })
  t.equal(done.status, 200)
  t.match(done.body, `${b.origin}/g/${name}/arrival?from=${encodeURIComponent(old.iri)}`)
  t.equal((await ask(a, `/g/${name}/move/done`, { who: 'otherAnimator' })).status, 403)
  t.match(await ask(a, `/g/${name}/move/done`), { status: 303, location: /sign-in/ })

  const page = `${b.origin}/g/${name}`
  for (const url of [`/g/${name}`, `/id/${old.id}`, `/${name}`]) t.match(await ask(a, url), { status: 308, location: page }, url)
  const statement = await statementOf(a, old)
  const { public: key } = await signingKey(a.deps.config)
  t.match(readClaim(statement, time.now()), { iss: a.origin, sub: old.iri, to: fresh.iri, url: page, kid: key.kid })
  for (const [url, accept] of [
    [`/id/${old.id}`, 'application/json'],
    [`/id/${old.id}`, 'application/ld+json'],
    [`/id/${old.id}`, '*/*'],
    [`/g/${name}`, 'application/json'],
    [`/g/${name}.json`, '*/*'],
    [`/g/${name}.jsonld`, '*/*'],
    [`/api/groups/${name}`, '*/*'],
    [`/g/${name}/murmurations.json`, '*/*'],
  ] as const) {
    const said = await ask(a, url, { accept })
    t.match(said, { status: 410, type: /problem\+json/ }, `${url} ${accept}`)
    t.match(JSON.parse(said.body), { status: 410, movedTo: fresh.iri, forwarding: statement })
  }
  t.match(
    await ask(a, `/g/${name}/history`),
    { status: 410, body: new RegExp(`<h2>Its new address</h2>[^]*href="${page}"`) },
    'other pages say where it is',
  )
  t.match(await ask(a, `/embed/group/${name}`), { status: 410, body: new RegExp(`<p>Its new address</p>[^]*href="${page}"`) })
  t.match(JSON.parse((await ask(a, '/.well-known/jwks.json')).body), { keys: [key] })
  t.match((await ask(a, '/nodeinfo/2.1')).body, `${a.origin}/.well-known/jwks.json`)
  const told = (await readMembers(a)).at(-1)!
  t.match(told, { type: 'Delete', object: old.iri, target: fresh.iri, forwarding: statement })
  const expanded = JSON.stringify(await expand(JSON.parse((await ask(a, '/changes?page=1')).body)))
  t.match(expanded, `"https://www.w3.org/ns/activitystreams#target":[{"@id":"${fresh.iri}"}]`)

  const arrival = await ask(b, `/g/${name}/arrival?from=${encodeURIComponent(old.iri)}`, { who: 'animator' })
  t.match(arrival.body, `value="${old.iri}"`)
  const { version } = JSON.parse(JSON.stringify(await lastChange(b, fresh.id)))
  t.match(await arrive(b, old), { status: 303, location: `/g/${name}` })
  t.match(JSON.parse((await ask(b, `/g/${name}.json`)).body), { formerly: [{ iri: old.iri, forwarding: statement }] })
  t.match((await ask(b, `/g/${name}`)).body, `Formerly kept at ${new URL(a.origin).host}.`)
  t.match((await ask(b, '/groups.ndjson')).body, `"formerly":[{"iri":"${old.iri}"`)
  t.match(await lastChange(b, fresh.id), { kind: 'update', version }, 'the content is the same')
  t.match((await readMembers(b)).at(-1), { type: 'Update', formerly: old.iri, forwarding: statement })
  const changes = await countChanges(b)
  t.match(await arrive(b, old), { status: 303 })
  t.equal(await countChanges(b), changes, 'said twice, it is told once')
})

await eachEngine(t, 'for a month the group can come back, and what was told stays told', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  await leave(a, fresh)
  const before = await readMembers(a)
  const { host } = new URL(b.origin)
  t.match(await ask(a, `/g/${name}/restore`, { who: 'animator' }), {
    status: 200,
    body: new RegExp(`moved to another server[^]*Moved to ${host} on`),
  })
  t.match((await ask(a, '/me', { who: 'animator' })).body, `${name} moved to ${host}: it can still come back here.`)
  time.pass(1)
  t.match(await ask(a, `/g/${name}/restore`, { who: 'animator', fields: {} }), { status: 303 })
  t.equal((await ask(a, `/g/${name}`)).status, 200)
  t.same(await forwardings(a), [])
  const after = await readMembers(a)
  t.same(after.slice(0, -1), before, 'the members that were told stay as they were')
  t.match(after.at(-1), { type: 'Create', object: old.iri, forwarding: undefined })
  t.match(await arrive(b, old), { status: 400, body: /still keeps the record/ })

  await leave(a, fresh)
  time.pass(31)
  await forgetDeleted(a.db, time.now())
  t.match(await ask(a, `/g/${name}`), { status: 308 }, 'the address outlives the way back')
  await t.rejects(restoreGroup(a.db, old.id, by(time)))
})

await eachEngine(t, 'who may move a group, and what is refused', async (t, open) => {
  const time = startTime()
  const d = await listen(t, 'd')
  const [a, b, c] = (await startPeers(t, open, ['a', 'b', 'c'], time, [d])) as [Peer, Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  await create(a, time, phare)
  for (const part of ['move', 'arrival']) {
    for (const who of ['stranger', 'otherAnimator', 'steward'] as const) {
      t.equal((await ask(a, `/g/${name}/${part}`, { who })).status, 403, `${who} ${part}`)
      t.equal((await ask(a, `/g/${name}/${part}`, { who, fields: { address: fresh.iri, to: fresh.iri, from: fresh.iri } })).status, 403)
    }
    t.equal((await ask(a, `/g/${name}/${part}`)).status, 303)
  }
  await pull(c, await follow(c, b.origin))
  t.equal((await ask(c, `/g/${name}/move`, { who: 'operator' })).status, 403, 'a copy is not ours to move')

  const refused = async (address: string, why: RegExp) => {
    const said = await ask(a, `/g/${name}/move`, { who: 'animator', fields: { address, to: address } })
    t.equal(said.status, 400, address)
    t.match(said.body, why, address)
    t.match(said.body, /id="address-fault"/)
  }
  for (const address of ['', 'ftp://x.example/', 'javascript:alert(1)', 'https://u:p@x.example/']) await refused(address, /not a web address/)
  await refused(`${a.origin}/g/phare-citoyen`, /on this very server/)
  await refused(`http://nowhere.example:1/id/1`, /did not answer as it should/)
  await refused(`${b.origin}/g/nobody`, /nothing at this address/)
  await refused(`${b.origin}/about`, /no record of a group/)
  const copy = (await rowOf(c, name))!
  await refused(`${c.origin}/id/${copy.id}`, /only a copy/)
  d.answer = (_, response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify({ iri: `${d.origin}/id/1`, name: 7 }))
  await refused(`${d.origin}/id/1`, /no record of a group/)
  d.answer = (_, response) => void response.end(JSON.stringify({ iri: fresh.iri, ...toGroup(fresh) }))
  await refused(`${d.origin}/id/1`, /only a copy/)
  d.answer = (_, response) => void response.writeHead(302, { location: `${c.origin}/id/${copy.id}` }).end()
  await refused(`${d.origin}/id/1`, /only a copy/)
  d.answer = (_, response) => void response.writeHead(302, { location: `${a.origin}/g/phare-citoyen.json` }).end()
  await refused(`${d.origin}/id/1`, /on this very server/)
  d.answer = (_, response) => void response.end('x'.repeat(300_000))
  await refused(`${d.origin}/id/1`, /did not answer as it should/)
  t.ok(await rowOf(a, name), 'it is still here')
  t.same(await forwardings(a), [])

  const row = (await rowOf(a, name))!
  await editGroup(a.db, row, { ...toGroup(row), summary: 'Autrement.' }, by(time))
  t.equal((await leave(a, fresh)).status, 303)
  await refusedArrival(b, { iri: `${a.origin}/id/nobody` }, /nothing at this address/)
  const another = await create(b, time, { ...phare, shortName: 'phare-citoyen' })
  const wrongGroup = await ask(b, `/g/${another.short_name}/arrival`, { who: 'otherAnimator', fields: { from: old.iri } })
  t.match(wrongGroup, { status: 400, body: /the record went elsewhere/ }, 'another group than the one named')
  t.same(await forwardings(b), [])

  async function refusedArrival(peer: Peer, from: { iri: string }, why: RegExp) {
    const said = await arrive(peer, from)
    t.equal(said.status, 400)
    t.match(said.body, why)
  }
})

await eachEngine(t, 'the old server’s word is checked with its keys of today, which outlive a change of its secret', async (t, open) => {
  const time = startTime()
  const d = await listen(t, 'd')
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time, [d])) as [Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  await leave(a, fresh)
  const statement = await statementOf(a, old)
  const earlier = (await signingKey(a.deps.config)).public
  a.deps.config.secret = 'another secret, since somebody saw the first'
  const { keys } = JSON.parse((await ask(a, '/.well-known/jwks.json')).body)
  t.same(keys, [(await signingKey(a.deps.config)).public, earlier])

  const forged = async (forwarding: unknown, set: unknown) => {
    d.answer = ({ url }, response) => {
      response.writeHead(url!.endsWith('jwks.json') ? 200 : 410, { 'content-type': 'application/json' })
      response.end(JSON.stringify(url!.endsWith('jwks.json') ? set : { forwarding }))
    }
    return (await arrive(b, { iri: `${d.origin}/id/1` })).body
  }
  t.match(await forged(statement, { keys }), /signature is not valid/, 'another server tells the word of the first')
  t.match(await forged('x', { keys }), /signature is not valid/)
  t.match(await forged('x'.repeat(100_000), { keys }), /signature is not valid/)
  const own = { iss: d.origin, sub: `${d.origin}/id/1`, iat: 1, to: fresh.iri, url: `${b.origin}/g/${name}` }
  const [header] = statement.split('.')
  const unsigned = `${header}.${Buffer.from(JSON.stringify(own)).toString('base64url')}.${'A'.repeat(86)}`
  t.match(await forged(unsigned, { keys }), /signature is not valid/, 'not signed by the key it names')
  t.match(await forged(unsigned, 'x'), /signature is not valid/)
  t.same(await forwardings(b), [])

  t.equal((await arrive(b, old)).status, 303)
  t.match(await forwardings(b), [{ kind: 'arrived', from_iri: old.iri, own_id: fresh.id, jwk: JSON.stringify(earlier) }])
})

await eachEngine(t, 'an address that leads to where the record is kept stands for it', async (t, open) => {
  const time = startTime()
  const d = await listen(t, 'd')
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time, [d])) as [Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  const leadTo = ({ origin }: Peer) => (d.answer = ({ url }, response) => void response.writeHead(301, { location: `${origin}${url}` }).end())
  leadTo(b)
  const shown = await ask(a, `/g/${name}/move`, { who: 'animator', fields: { address: `${d.origin}/g/${name}` } })
  t.match(shown, { status: 200, body: fresh.iri })
  t.match(await ask(a, `/g/${name}/move`, { who: 'animator', fields: { address: `${d.origin}/g/${name}`, to: fresh.iri } }), { status: 303 })
  leadTo(a)
  t.match(await arrive(b, { iri: `${d.origin}/id/${old.id}` }), { status: 303 })
  t.match(await forwardings(b), [{ kind: 'arrived', from_iri: old.iri }])
})

await eachEngine(t, 'a page whose address has other letters than a header can say', async (t, open) => {
  const time = startTime()
  const d = await listen(t, 'd')
  const [a] = (await startPeers(t, open, ['a'], time, [d])) as [Peer]
  await plant(a, time)
  const to = { iri: `${d.origin}/id/1` }
  const page = `${d.origin}/g/日本`
  d.answer = (_, response) => void response.end(JSON.stringify({ ...group({ shortName: 'nihon' }), iri: to.iri, url: page }))
  t.match(await leave(a, to), { status: 303 })
  const there = { status: 308, location: `${d.origin}/g/%E6%97%A5%E6%9C%AC` }
  t.match(await ask(a, `/g/${name}`), there)
  t.match(await forwardings(a), [{ to_url: there.location }])
  await a.db.updateTable('forwarding').set({ to_url: page }).execute()
  t.match(await ask(a, `/g/${name}`), there, 'kept as it was said')
})

await eachEngine(t, 'what arrived is read, sent back and changed by programs', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const old = await plant(a, time)
  await leave(a, await plant(b, time))
  await arrive(b, old)
  const authorization = await tokenOf(b.db, 'animator')
  const send = async (method: string, etag?: string | null, body?: object) => {
    const headers = { authorization, ...(body ? { 'content-type': 'application/json', 'if-match': etag! } : {}) }
    const response = await fetch(`http://127.0.0.1:${b.port}/api/groups/${name}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, etag: response.headers.get('etag'), record: (await response.json()) as Record<string, unknown> }
  }
  const read = await send('GET')
  t.match(read.record, { formerly: [{ iri: old.iri }] })
  t.same(await send('PUT', read.etag, read.record), read, 'the same again')
  const { formerly } = read.record
  const put = await send('PUT', read.etag, { ...read.record, summary: 'Autrement.' })
  t.match(put, { status: 200, record: { summary: 'Autrement.', formerly } })
  t.match(await send('PATCH', put.etag, { summary: 'Encore.' }), { status: 200, record: { formerly } })
  t.match(await send('PATCH', (await send('GET')).etag, { formerly: [] }), { status: 400, record: { errors: [{ field: 'formerly' }] } })
})

await eachEngine(t, 'a record that is back at its old home was not kept there formerly', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const old = await plant(a, time)
  const fresh = await plant(b, time)
  const ofA = await follow(b, a.origin)
  await pull(b, ofA)
  const copy = (await rowOf(b, `${name}-a`))!
  await leave(a, fresh)
  await pull(b, ofA)
  await b.db.updateTable('remote_item').set({ group_id: null }).execute()
  await arrive(b, old)
  t.match(await forwardings(b), [{ kind: 'arrived', copy_id: copy.id }], 'what was known of its copy still is')
  const before = (await rowOf(b, name))!
  time.pass(1)
  await restoreGroup(a.db, old.id, by(time))
  await pull(b, ofA)
  t.match(await forwardings(b), [{ kind: 'arrived', revoked_at: String }])
  t.same(JSON.parse((await ask(b, `/g/${name}.json`)).body).formerly, undefined)
  const after = (await rowOf(b, name))!
  t.equal(after.revision, before.revision + 1)
  t.equal(after.updated_at, before.updated_at)
  const told = (await readMembers(b)).filter(({ object }) => object === fresh.iri)
  t.match(told.at(-1), { type: 'Update', formerly: undefined })
  t.equal(told.length, 3)
  await pull(b, ofA)
  t.same(await rowOf(b, name), after, 'once')
})

await eachEngine(t, 'a record that moved again, to another group here, was not the first one', async (t, open) => {
  const time = startTime()
  const [a, b] = (await startPeers(t, open, ['a', 'b'], time)) as [Peer, Peer]
  const old = await plant(a, time)
  await leave(a, await plant(b, time))
  await arrive(b, old)
  const before = (await rowOf(b, name))!
  time.pass(1)
  await restoreGroup(a.db, old.id, by(time))
  const other = await create(b, time, phare)
  await leave(a, { iri: `${b.origin}/id/${other.id}` })
  const said = await ask(b, `/g/${other.short_name}/arrival`, { who: 'otherAnimator', fields: { from: old.iri } })
  t.match(said, { status: 303 })
  t.match(await forwardings(b), [{ own_id: other.id }])
  t.equal((await rowOf(b, name))!.revision, before.revision + 1)
  t.match((await readMembers(b)).at(-1), { type: 'Update', object: `${b.origin}/id/${before.id}`, formerly: undefined })
})

function lastChange(peer: Peer, id: string) {
  return peer.db.selectFrom('change_log').selectAll().where('group_id', '=', id).orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

async function countChanges(peer: Peer): Promise<number> {
  return (await peer.db.selectFrom('change_log').select('seq').execute()).length
}
