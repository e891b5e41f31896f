import t from 'tap'
import { build } from '../../helper.ts'
import { type Case, drip, flood, gigabyte, html, id, json, many, other, record, runCases, withRecord } from './hostile.ts'

const cases: Record<string, Case> = {
  'a record that is another server’s': {
    answer: withRecord((_, r, { origin }) => json(r, record(other, { origin: { server: origin } }))),
    reason: 'another identity',
  },
  'a record that says it is kept elsewhere': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { origin: { server: other } }))),
    reason: 'another origin',
  },
  'a record that says it is kept here': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { origin: { server: 'http://here.example' } }))),
    reason: 'another origin',
  },
  'a record behind a redirect to another server': {
    answer: withRecord((request, r, { origin, port }) => {
      if (request.headers.host !== new URL(origin).host) return json(r, record(origin))
      return r.writeHead(302, { location: `http://other.example:${port}/id/${id}` }).end()
    }),
    reason: 'another origin',
  },
  'a record behind a redirect to loopback': {
    answer: withRecord((_, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    reason: 'failed: refused-address',
  },
  'a record behind a redirect to the network within': {
    answer: withRecord((_, r) => r.writeHead(302, { location: 'http://10.0.0.1/' }).end()),
    reason: 'failed: refused-address',
  },
  '10,000 keywords': { answer: withRecord((_, r, { origin }) => json(r, record(origin, { keywords: many }))), reason: 'too long' },
  '100 keywords': { answer: withRecord((_, r, { origin }) => json(r, record(origin, { keywords: many.slice(0, 100) }))), reason: /^keywords: / },
  'wrong types everywhere': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { name: 7, links: 'x', keywords: [[1]], position: { lat: 'x' }, banner: 3 }))),
    reason: /^name: /,
  },
  'a record that is a list': { answer: withRecord((_, r) => json(r, [[[[]]]])), reason: 'not a record' },
  'a record nested without end': { answer: withRecord((_, r) => r.end(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)), reason: 'not a record' },
  'a record that is no JSON': { answer: withRecord((_, r) => r.end('<html>')), reason: 'not JSON' },
  'an answer of 1 GB': {
    answer: withRecord((_, r) => {
      r.setHeader('content-length', gigabyte)
      flood(r, 'x'.repeat(65_536))
    }),
    reason: 'failed: too-large',
  },
  'a record without an end': { answer: withRecord((_, r) => flood(r, 'x'.repeat(65_536))), reason: 'failed: too-large' },
  'a slow drip in place of a record': { answer: withRecord((_, r) => drip(r)), reason: 'failed: timeout', limits: { idle: 200, whole: 500 } },
  'HTML in every field': {
    answer: withRecord((_, r, { origin }) =>
      json(r, record(origin, { name: html, summary: html, description: html, place: html, keywords: [html] })),
    ),
    shown: [`evil: ${html}`],
    look: async (t, { db }) => {
      const app = await build(t, db)
      for (const url of ['/g/evil', '/groups', '/embed/list', '/feed.xml']) t.notMatch((await app.inject(url)).body, /<script>alert|<img src=x/, url)
    },
  },
  'a name that is ours': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { shortName: 'rade', name: 'Rade' }))),
    shown: ['rade-evil: Rade'],
  },
  'a name that is reserved': {
    answer: withRecord((_, r, { origin }) => json(r, record(origin, { shortName: 'admin' }))),
    counts: { added: 1 },
    shown: ['admin: Evil'],
  },
  'a picture of ours': {
    answer: withRecord((request, r, { origin }) => {
      const ours = /\+(.*)\)/.exec(request.headers['user-agent']!)![1]
      json(r, record(origin, { logo: { url: `${ours}/uploads/x.png`, width: 9, height: 9, alt: '' } }))
    }),
    shown: ['evil: Evil'],
  },
}

await runCases(t, cases)
