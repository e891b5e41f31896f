import t from 'tap'
import { preferenceCookie, readerOf } from '../../server/http/language.ts'
import { pageFrame } from '../../server/http/page-frame.ts'
import { buildFrame } from './build.ts'

t.test('the address wins, then the cookie, then the browser, then the default', async (t) => {
  const asked: [string, Record<string, string>, string][] = [
    ['/', {}, 'fr'],
    ['/', { 'accept-language': 'en' }, 'en'],
    ['/', { 'accept-language': 'de, en-GB;q=0.8, fr;q=0.5' }, 'en'],
    ['/', { 'accept-language': 'fr;q=0.2, en;q=0.9' }, 'en'],
    ['/', { 'accept-language': 'en;q=0, de' }, 'fr'],
    ['/', { 'accept-language': ';;;,q=,*' }, 'fr'],
    ['/', { 'accept-language': 'en', cookie: 'a=b; lang=fr' }, 'fr'],
    ['/', { cookie: 'lang=de; xlang=en' }, 'fr'],
    ['/?lang=en', { cookie: 'lang=fr' }, 'en'],
    ['/?q=x&lang=en', {}, 'en'],
    ['/?lang=de', { cookie: 'lang=en' }, 'en'],
    ['/?slang=en', {}, 'fr'],
  ]
  for (const [url, headers, locale] of asked) t.equal(readerOf(url, headers, 'fr').locale, locale, `${url} ${JSON.stringify(headers)}`)
  t.equal(readerOf('/', { cookie: 'theme=dark' }, 'fr').theme, 'dark')
  t.equal(readerOf('/', { cookie: 'theme="><script>' }, 'fr').theme, undefined)
})

t.test('a page asked for in a language remembers it; twins, the API and widgets never do', async (t) => {
  const page = (app: Parameters<NonNullable<NonNullable<Parameters<typeof buildFrame>[1]>['routes']>>[0]) => {
    for (const url of ['/page', '/embed/list', '/api/groups']) app.get(url, (_request, reply) => reply.type('text/html').send('<p>'))
    app.get('/groups.json', async () => ({}))
  }
  const app = await buildFrame(t, { routes: page })
  const asked = await app.inject('/page?lang=en')
  t.equal(asked.headers['set-cookie'], 'lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure')
  t.match(asked.headers.vary, 'Accept-Language, Cookie')
  for (const url of ['/page', '/page?lang=de', '/embed/list?lang=en', '/api/groups?lang=en', '/groups.json?lang=en', '/static/app.css?lang=en']) {
    t.equal((await app.inject(url)).headers['set-cookie'], undefined, url)
  }
})

t.test('a choice is forgotten by an empty cookie', async (t) => {
  t.equal(preferenceCookie('theme', '', { publicUrl: 'http://x' }), 'theme=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly')
})

t.test('the frame of a page keeps the address and changes its language', async (t) => {
  const frame = (url: string) => pageFrame({ url, locale: 'fr', theme: undefined }, { publicUrl: 'https://x.org' }, { title: 'a' })
  const page = frame('/groups?q=a%26b&type=support&lang=fr')
  t.equal(page.languages[1]?.url, '/groups?q=a%26b&type=support&lang=en')
  t.equal(page.path, '/groups')
  t.equal(page.canonical, 'https://x.org/groups')
  t.same(
    page.languages.map(({ current }) => current),
    [true, false],
  )
  t.equal(frame('//evil.org/a').path, '/evil.org/a')
  t.equal(frame('/\\evil.org').path, '/evil.org')
  t.equal(frame(`/groups?q=${'x'.repeat(5000)}`).languages[0]?.url, '/groups?lang=fr')
})
