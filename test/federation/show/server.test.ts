import t from 'tap'
import { eachEngine } from '../../engines.ts'
import { build, openDb } from '../../helper.ts'
import { fill, group } from '../../world.ts'
import { addCopy, addSource } from '../copies.ts'

await eachEngine(t, 'groups can be chosen by the server that keeps them', async (t, open) => {
  const db = await openDb(t, await open())
  await fill(db, 2)
  const app = await build(t, db)
  const ask = async (url: string) => (await app.inject(url)).json()
  const { total, facets } = await ask('/groups.json')
  t.notOk('server' in facets, 'nothing to choose without copies')
  t.notMatch((await app.inject('/groups')).body, 'Serveurs')
  t.same((await ask('/groups.json?server=here')).total, total)

  const ailleurs = await addSource(db, { id: 'ailleurs' })
  const port = await addSource(db, { id: 'port', origin: 'http://port.example:8080' })
  await addCopy(db, ailleurs, group({ shortName: 'un', keywords: [{ slug: 'jardin', label: 'Jardin' }] }))
  await addCopy(db, ailleurs, group({ shortName: 'deux' }))
  await addCopy(db, port, group({ shortName: 'trois' }))
  t.same((await ask('/groups.json')).facets.server, [
    { value: 'here', label: 'Ce serveur', count: total },
    { value: 'ailleurs.example', label: 'ailleurs.example', count: 2 },
    { value: 'port.example:8080', label: 'port.example:8080', count: 1 },
  ])
  const names = async (query: string) => (await ask(`/groups.json?${query}`)).items.map((one: { shortName: string }) => one.shortName)
  t.same(await names('server=ailleurs.example'), ['deux', 'un'])
  t.same(await names('server=ailleurs.example&server=port.example%3A8080'), ['deux', 'trois', 'un'])
  t.same(await names('server=ailleurs.example&keyword=jardin'), ['un'])
  t.equal((await ask('/groups.json?server=here')).total, total)
  t.equal((await ask('/groups.json?server=nulle-part.example')).total, 0)
  t.match(
    (await ask('/groups.json?server=port.example%3A8080')).facets.server,
    [{ count: total }, { count: 2 }, { count: 1 }],
    'as if it were not chosen',
  )
  const { body } = await app.inject('/groups?server=ailleurs.example')
  t.match(body, /<h3>Serveurs<\/h3>/)
  t.match(body, 'server&#x3D;ailleurs.example', 'kept by the other choices')
  t.match((await app.inject('/groups.csv?server=ailleurs.example')).body, /\nun|,un,|deux/)
  const locked = (await app.inject('/embed/list?server=ailleurs.example&controls=facets&my-server=here')).body
  t.notMatch(locked, 'Jardin de la rade', 'a widget keeps to its site’s choice')
  t.match((await app.inject('/embed/list?server=ailleurs.example')).body, 'deux')
  t.match((await app.inject('/e/jardin?server=ailleurs.example')).body, '>un<')
})
