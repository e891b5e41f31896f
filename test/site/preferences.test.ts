import t from 'tap'
import { build, openSqlite, publicUrl } from '../helper.ts'

const app = await build(t, await openSqlite(t))

function choose(fields: string, headers = {}) {
  return app.inject({
    method: 'POST',
    url: '/preferences',
    payload: fields,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: publicUrl, 'sec-fetch-site': 'same-origin', ...headers },
  })
}

t.test('the theme is remembered, and the page comes back', async (t) => {
  const back = '/groups?q=a%26b&type=support'
  const answer = await choose(`theme=dark&back=${encodeURIComponent(back)}`)
  t.match(answer, { statusCode: 303, headers: { location: back, 'set-cookie': /^theme=dark; Path=\/; Max-Age=31536000; SameSite=Lax; HttpOnly$/ } })
  t.match((await app.inject({ url: '/', headers: { cookie: 'theme=dark' } })).body, '<html lang="fr" data-theme="dark">')
  t.match((await app.inject({ url: '/nowhere', headers: { cookie: 'theme=light' } })).body, 'data-theme="light"')
  t.notMatch((await app.inject({ url: '/', headers: { cookie: 'theme="><script>' } })).body, /data-theme|<script>/)
  t.match((await choose('theme=auto&back=/')).headers['set-cookie'], /^theme=; Path=\/; Max-Age=0/)
})

t.test('the page it came from is in the form', async (t) => {
  const { body } = await app.inject('/groups?q=%22%3E%3Cscript%3E&lang=en')
  const back = /action="\/preferences"[\s\S]*?name="back" value="([^"]*)"/.exec(body)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  t.equal(back, '/groups?q=%22%3E%3Cscript%3E&lang=en')
})

t.test('it leads to no other site', async (t) => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    '',
    'x',
  ]
  for (const back of elsewhere) {
    const { statusCode, headers } = await choose(`theme=light&back=${encodeURIComponent(back)}`)
    t.equal(statusCode, 303)
    t.equal(headers.location, '/', back)
  }
  t.equal((await choose('theme=light')).headers.location, '/')
  t.equal((await choose(`theme=light&back=${encodeURIComponent('/./..//evil.example')}`)).headers.location?.startsWith('//'), false)
})

t.test('what is no choice is refused, and what another site sends', async (t) => {
  for (const fields of ['theme=pink', 'back=/', '', 'theme=dark&theme=light', 'theme=dark&x=1']) {
    const answer = await choose(fields)
    t.equal(answer.statusCode, 400, fields)
    t.equal(answer.headers['set-cookie'], undefined)
  }
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example', 'sec-fetch-site': 'none' }, { origin: 'null' }]) {
    const answer = await choose('theme=dark', headers)
    t.equal(answer.statusCode, 403, JSON.stringify(headers))
    t.equal(answer.headers['set-cookie'], undefined)
  }
})
