import t from 'tap'
import { build, now, openSqlite, publicUrl } from '../helper.ts'
import { signInAs } from '../people.ts'
import { fill } from '../world.ts'

const known: Record<string, string> = { shortName: 'jardin-de-la-rade', keyword: 'energie' }
const asked = [`/oembed?url=${encodeURIComponent(`${publicUrl}/groups`)}`, `/oembed?format=xml&url=${encodeURIComponent(`${publicUrl}/groups`)}`]
const twoDaysAgo = new Date(Date.parse(now) - 48 * 3600_000).toISOString()

t.test('a cookie goes out only in an answer that nobody on the way may keep', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  // An address whose handler lets anybody keep the answer, whatever it is.
  app.get('/kept', (_request, reply) => reply.header('cache-control', 'public, max-age=60').header('vary', 'Cookie').send('x'))
  const cookie = await signInAs(app, db, 'operator')
  await app.ready()
  const routes = app.knownRoutes.filter(({ method, url }) => method === 'GET' && !url.includes('*'))
  const urls = routes.map(({ url }) => url.replace(/:(\w+)/g, (_, name) => known[name] ?? 'x'))
  let renewed = 0
  for (const url of [...urls, ...asked]) {
    await db.updateTable('session').set({ seen_at: twoDaysAgo }).execute()
    const { headers } = await app.inject({ url, headers: { cookie } })
    if (!String(headers['set-cookie'] ?? '').includes('session=')) continue
    renewed++
    t.match(headers['cache-control'], /no-store|private/, url)
  }
  t.ok(renewed > 20, `${renewed} answers prolonged the session`)
})

t.test('oEmbed answers everybody alike: it knows no cookie', async (t) => {
  const db = await openSqlite(t)
  await fill(db, 2)
  const app = await build(t, db)
  const cookie = `${await signInAs(app, db, 'operator')}; lang=en`
  await db.updateTable('session').set({ seen_at: twoDaysAgo }).execute()
  for (const url of asked) {
    const [plain, own] = [await app.inject(url), await app.inject({ url, headers: { cookie } })]
    t.match(own.headers, { 'cache-control': 'public, max-age=3600', vary: 'Accept-Language, accept-encoding', 'set-cookie': undefined })
    t.equal(own.body, plain.body)
  }
})
