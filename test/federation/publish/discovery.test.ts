import t from 'tap'
import project from '../../../package.json' with { type: 'json' }
import { transaction } from '../../../server/db/open.ts'
import { readResource } from '../../../server/federation/publish/rules.ts'
import { putGroups } from '../../../server/group/actions.ts'
import { findGroup } from '../../../server/group/queries.ts'
import { eachEngine } from '../../engines.ts'
import { build, now, openDb, publicUrl } from '../../helper.ts'
import { fill, group } from '../../world.ts'
import { expand } from './feed.ts'

const host = new URL(publicUrl).host

await eachEngine(t, 'who and what this server is', async (t, open) => {
  const db = await openDb(t, await open())
  const app = await build(t, db)
  const { deletedId } = await fill(db, 2)
  await transaction(db, (tx) =>
    putGroups(tx, [{ group: group({ shortName: 'copie' }), stamp: { origin_server: 'https://ailleurs.example' } }], { at: now, via: 'import' }),
  )
  const { id } = (await findGroup(db, 'jardin-de-la-rade'))!

  await t.test('NodeInfo', async (t) => {
    const links = await app.inject('/.well-known/nodeinfo')
    t.equal(links.headers['access-control-allow-origin'], '*')
    const [{ rel, href }] = links.json().links
    t.equal(rel, 'http://nodeinfo.diaspora.software/ns/schema/2.1')
    const answer = await app.inject(href.replace(publicUrl, ''))
    t.equal(answer.headers['content-type'], `application/json; profile="${rel}#"; charset=utf-8`)
    t.match(answer.json(), {
      version: '2.1',
      software: { name: /^[a-z0-9-]+$/, version: project.version },
      usage: { users: {} },
      metadata: { groups: 7, copies: 1, ecosystems: 1, changes: `${publicUrl}/changes` },
    })
    t.equal((await app.inject({ url: '/nodeinfo/2.1', headers: { 'if-none-match': String(answer.headers.etag) } })).statusCode, 304)
  })

  await t.test('WebFinger', async (t) => {
    const ask = (resource: string, more = '') => app.inject(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}${more}`)
    const page = `${publicUrl}/g/jardin-de-la-rade`
    const found = await ask(`acct:jardin-de-la-rade@${host}`)
    t.match(found.headers, { 'content-type': 'application/jrd+json; charset=utf-8', 'access-control-allow-origin': '*' })
    t.match(found.json(), {
      subject: `acct:jardin-de-la-rade@${host}`,
      aliases: [page, `${publicUrl}/id/${id}`],
      properties: { 'https://schema.org/name': 'Jardin de la rade' },
      links: [
        { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
        { rel: 'describedby', type: 'application/ld+json', href: `${page}.jsonld` },
        { rel: 'alternate', href: `${page}.json` },
      ],
    })
    for (const resource of [page, `${publicUrl}/id/${id}`, `ACCT:Jardin-de-la-rade@${host.toUpperCase()}`])
      t.same((await ask(resource)).json(), found.json(), resource)
    t.equal((await ask(`acct:vieux-port@${host}`)).json().subject, `acct:nouveau-port@${host}`, 'a former name')
    t.same(
      (await ask(page, '&rel=describedby&rel=nothing')).json().links.map(({ rel }: { rel: string }) => rel),
      ['describedby'],
    )

    t.match((await ask(`acct:energie@${host}`)).json(), {
      subject: `${publicUrl}/e/energie`,
      properties: { 'https://schema.org/name': 'Énergies d’ici' },
      links: { 3: { href: `${publicUrl}/changes?keyword=energie` } },
    })
    t.equal((await ask(`${publicUrl}/e/jardin`)).json().subject, `${publicUrl}/e/jardin`)
    t.equal((await ask(`acct:%D8%B9%D9%84%D9%85-%D8%A7%D9%84%D9%81%D9%84%D9%83@${host}`)).statusCode, 200)

    const nobody = [
      ...[`acct:personne@${host}`, 'acct:jardin-de-la-rade@ailleurs.example', 'https://ailleurs.example/g/jardin-de-la-rade'],
      ...[`${publicUrl}/about`, 'mailto:a@b.example', `${publicUrl}/id/${deletedId}`, `acct:epave@${host}`, `acct:copie@${host}`],
    ]
    for (const resource of nobody) t.equal((await ask(resource)).statusCode, 404, resource)
    for (const resource of ['', 'jardin', 'acct:jardin', `acct:@${host}`, `acct:%ZZ@${host}`, 'acct:a@b@c'])
      t.equal((await ask(resource)).statusCode, 400, `“${resource}”`)
    t.equal((await app.inject('/.well-known/webfinger')).statusCode, 400)
    t.equal((await ask('', `&resource=acct:a@${host}`)).statusCode, 400, 'two of them')
    t.equal((await ask(page, '&other=x')).statusCode, 200, 'what is unknown is ignored')
  })

  await t.test('the data set', async (t) => {
    const asked = await app.inject('/.well-known/void')
    t.match({ ...asked.headers, status: asked.statusCode }, { status: 302, location: '/dataset.jsonld', 'access-control-allow-origin': '*' })
    const answer = await app.inject('/dataset.jsonld')
    t.match(answer.headers, { 'content-type': 'application/ld+json; charset=utf-8', etag: /./ })
    const dcat = 'http://www.w3.org/ns/dcat#'
    const [catalog] = await expand<Record<string, Record<string, unknown[]>[]>>(answer.json())
    t.same(catalog!['@type'], [`${dcat}Catalog`])
    const [groups] = catalog![`${dcat}dataset`]!
    t.match(groups, {
      '@type': [`${dcat}Dataset`, 'http://rdfs.org/ns/void#Dataset'],
      'http://purl.org/dc/terms/title': [{ '@language': 'fr' }, { '@language': 'en' }],
      'http://rdfs.org/ns/void#entities': [{ '@value': 7 }],
      'http://rdfs.org/ns/void#uriSpace': [{ '@value': `${publicUrl}/id/` }],
    })
    const urls = (groups![`${dcat}distribution`] as Record<string, { '@id': string }[]>[]).map((one) => one[`${dcat}accessURL`]![0]!['@id'])
    t.equal(urls.length, 5)
    for (const url of urls) t.equal((await app.inject(url.replace(publicUrl, ''))).statusCode, 200, url)
    t.match((await app.inject('/')).body, '<link rel="alternate" type="application/ld+json" href="/dataset.jsonld"', 'home leads there')
  })
})

t.test('resources', async (t) => {
  const server = 'https://groups.example:8443'
  t.same(readResource('acct:rade@groups.example:8443', server), { kind: 'account', name: 'rade' })
  t.match(readResource('acct:rade@groups.example', server), { kind: 'nothing' })
  t.match(readResource('http://groups.example:8443/g/rade', server), { kind: 'nothing' })
  t.same(readResource(`${server}/e/caf%C3%A9?x#y`, server), { kind: 'keyword', name: 'café' })
  t.match(readResource(`${server}/g/%ZZ`, server), { kind: 'nothing' })
})
