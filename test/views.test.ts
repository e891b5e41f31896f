import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import t, { type Test } from 'tap'
import { buildApp } from '../server/app.ts'
import { createGroup } from '../server/group/actions.ts'
import { readViews, renderView, strictModel, type Views, walkTemplate } from '../server/http/views.ts'
import type { Link } from '../server/schema-types.ts'
import { locales } from '../server/text/translate.ts'
import { askAccountPages } from './account/pages.ts'
import { askContactPages } from './contact/pages.ts'
import { askMovePages } from './federation/move/site.ts'
import { askFederationPages, federationModels } from './federation/pages.ts'
import { askEditPages, editModels } from './group/edit-site.ts'
import { askHistoryPages } from './group/history-pages.ts'
import { makeTestDeps, now, openSqlite } from './helper.ts'
import { askModerationPages } from './moderation/pages.ts'
import { askPicturePages } from './picture/pages.ts'
import { fill, group } from './world.ts'

const root = join(import.meta.dirname, '..')
const sources = readViews(join(root, 'views'))
const services = 'home news meetings meeting-room discussion projects resources inspiration subscribe unsubscribe members administration tracking'
const roles = ['leader', 'facilitator', 'project-holder', 'news', 'meetings', 'moderation', 'gathering'] as const
const picture = (name: string) => ({ url: `/uploads/${'0a'.repeat(16)}/${name}.jpg`, width: 96, height: 96, alt: `Une image de ${name}` })

/** With every fact a record can hold. */
const whole = group({
  shortName: 'tout',
  name: 'Tout à la fois',
  type: 'territorial',
  description: '# Un titre\n\n- une liste\n\n[un lien](https://tout.example/)',
  languages: ['fr', 'ar', 'pt-BR'],
  keywords: ['Énergie', 'Jardin', 'Balise', 'Mer', 'Vent'].map((label) => ({ slug: label.toLowerCase().replace('é', 'e'), label })),
  activity: 'active',
  country: 'FR',
  region: 'FR-BRE',
  place: 'Brest',
  position: { lat: 48.4, lng: -4.5, precision: 'exact' },
  memberCount: 20000,
  memberCountAt: '2026-02-01',
  meets: 'in-person',
  nextMeeting: { at: '2027-01-05T18:00:00.000Z' },
  banner: { ...picture('banner-1920'), width: 1920, height: 160 },
  logo: picture('logo-96'),
  partners: [{ name: 'La mairie', url: 'https://mairie.example/' }, { name: 'Le voisin' }],
  links: services.split(' ').flatMap((service): Link[] => [
    { service: service as Link['service'], url: `https://tout.example/${service}`, label: `Vers ${service}` },
    { service: service as Link['service'], url: `mailto:${service}@tout.example` },
  ]),
  publicServices: ['administration', 'tracking'],
  roles: roles.map((role, at) => ({ role, wanted: at % 2 === 0, ...(at % 3 ? { holder: 'Camille', since: '2025-09-01' } : {}) })),
  welcome: ['Un.', 'Deux.'],
  parent: 'jardin-de-la-rade',
  licence: 'CC-BY-SA-4.0',
})

const asked = [
  '/',
  '/groups',
  '/groups?q=zzz',
  '/groups?q=balise&type=thematic&keyword=balise&wanted=1&activity=any',
  '/groups?near=48.4,-4.5&bbox=-10,40,10,60&sort=distance&size=1&country=FR&language=fr',
  '/groups?activity=archived',
  '/groups?foo=1&type=club',
  '/near?place=Saint-Aubin&back=/groups',
  '/near?place=zyzzx',
  '/ecosystems',
  '/network',
  '/e/energie',
  '/e/energie?q=jardin',
  '/e/balise',
  '/e/energies-vertes',
  '/map',
  '/map?near=48.4,-4.5&radius=10&sort=distance',
  '/e/energie/map',
  '/g/tout',
  '/g/jardin-de-la-rade',
  '/g/phare-citoyen',
  '/g/nadi-sama',
  '/g/balise-1',
  '/g/grenier',
  '/g/epave',
  '/g/tout/print',
  '/g/nadi-sama/print',
  '/g/balise-1/print',
  '/widgets',
  '/widgets?kind=map&q=jardin&country=FR&near=48.4,-4.5&accent=zz&limit=99&colour=red',
  '/e/energie/widgets?kind=cards&type=thematic&widget-lang=en&heading=Ici',
  '/g/tout/widgets?kind=neighbours&no-heading=1',
  '/embed/list',
  '/embed/list/energie?my-q=jardin&heading=&theme=dark',
  '/embed/cards?controls=all&my-type=thematic&my-wanted=1&my-keyword=balise&my-near=48,-4&my-bbox=-10,40,10,60',
  '/embed/cards?limit=2&q=balise&accent=ffee00&heading=Ici',
  '/embed/map?controls=all&my-q=zzz',
  '/embed/map/balise?theme=light&controls=none',
  '/embed/count/balise',
  '/embed/group/tout',
  '/embed/neighbours/tout',
  '/embed/neighbours/nadi-sama',
  '/embed/list/energies-vertes',
  '/embed/list?size=3&accent=red',
  '/about',
  '/privacy',
  '/api',
  '/patterns',
  '/nowhere',
]

const { app, empty, db, views, models, holes } = await openSite(t)

t.test('every page has all it asks for, in both languages', async (t) => {
  for (const locale of locales) {
    for (const url of asked) {
      const { statusCode, body } = await app.inject({ url, headers: { 'accept-language': locale } })
      t.ok(statusCode < 500, `${statusCode} ${url} ${locale}`)
      t.same(holes.splice(0), [])
      isWhole(t, body, `${url} in ${locale}`)
    }
    for (const url of ['/', '/groups', '/ecosystems', '/network'])
      isWhole(t, (await empty.inject({ url, headers: { 'accept-language': locale } })).body, `empty ${url}`)
  }
})

t.test('the pages of people have all they ask for', async (t) => {
  for (const locale of locales) {
    for (const [what, { statusCode, body }] of Object.entries({
      ...(await askAccountPages(app, db, locale)),
      ...(await askContactPages(app, db, locale)),
      ...(await askModerationPages(app, db, locale)),
      ...(await askPicturePages(app, db, locale)),
      ...(await askHistoryPages(app, db, locale)),
      ...(await askFederationPages(app, db, locale)),
      ...(await askMovePages(app, db, locale)),
      ...(await askEditPages(app, db, locale, 'tout')),
    })) {
      t.ok(statusCode < 500, `${statusCode} ${what} ${locale}`)
      t.same(holes.splice(0), [])
      isWhole(t, body, `${what} in ${locale}`)
    }
  }
})

t.test('every view is shown, its parts by themselves too', async (t) => {
  const parts = partModels()
  for (const { name } of sources) {
    if (name.startsWith('layout/') || models.has(name)) continue
    const examples = parts[name]
    if (!t.ok(examples?.length, `a model for ${name}: its address among those asked, or itself among the parts`)) continue
    for (const locale of locales)
      for (const model of examples!) isWhole(t, renderView(views, name, strictModel(model), locale), `${name} in ${locale}`)
  }
})

t.test('every sentence that is said exists, every sentence that exists is said', async (t) => {
  const { fr } = (await makeTestDeps(await openSqlite(t))).translations
  const said = [...sources.flatMap(({ text }) => viewKeys(text)), ...codeKeys()]
  for (const { pattern, sure, where } of said)
    if (sure)
      t.ok(
        [...fr.keys()].some((key) => pattern.test(key)),
        `${pattern} (${where})`,
      )
  t.same(
    [...fr.keys()].filter((key) => !said.some(({ pattern }) => pattern.test(key))),
    [],
    'nothing to spare',
  )
})

type Said = { pattern: RegExp; where: string /** Surely a sentence's key, not only a text that may be one. */; sure: boolean }

/** `{{t 'a.b'}}` says `a.b`; `{{t 'a' x}}` says any sentence right under `a`. */
function viewKeys(text: string): Said[] {
  const said: Said[] = []
  walkTemplate(Handlebars.parse(text), (node) => {
    const { path, params } = node as hbs.AST.MustacheStatement
    if ((node.type !== 'MustacheStatement' && node.type !== 'SubExpression') || (path as hbs.AST.PathExpression).original !== 't') return
    const steps = params.map((param) => (param.type === 'StringLiteral' ? RegExp.escape((param as hbs.AST.StringLiteral).value) : '[\\w-]+'))
    said.push({ pattern: new RegExp(`^${steps.join('\\.')}$`), where: `a view, line ${node.loc.start.line}`, sure: true })
  })
  return said
}

/** Texts in the code that are keys: surely in `t('…')` and `key: '…'`, perhaps anywhere else. `${…}` stands for one step. */
function codeKeys(): Said[] {
  return globSync('server/**/*.ts', { cwd: root }).flatMap((path) => {
    const code = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    return [...code.matchAll(/(\bt\(|\bkey: |\bMessage = )?(['`])([a-z]\w*(?:\.(?:[\w-]|\$\{[^}]*\})+)+)\2/gi)].map(([, call, , key]) => ({
      pattern: new RegExp(
        `^${key!
          .split(/\$\{[^}]*\}/)
          .map(RegExp.escape)
          .join('[\\w.-]+')}$`,
      ),
      where: path,
      sure: call !== undefined,
    }))
  })
}

/** What the parts of a page are given by those that hold them, out of the pages' own models. */
function partModels(): Record<string, object[]> {
  // biome-ignore lint/suspicious/noExplicitAny: the models are as different as the pages.
  const all = (name: string): any[] => models.get(name) ?? []
  const lists = [...all('group/list'), ...all('ecosystem/page'), ...all('map/page')].map(({ list }) => list)
  const framed = [...all('widget/list'), ...all('widget/map')].map(({ list }) => list)
  const groups = all('group/page').map(({ group }) => group)
  const cards = [...lists.flatMap(({ cards }) => cards), ...groups.map(({ card }) => card)]
  const panels = lists.flatMap(({ panels }) => panels)
  const links = groups.flatMap(({ services }) => services.flatMap((one: { links: object[] }) => one.links))
  return {
    'part/list': lists,
    'part/map-picture': all('site/home').map(({ page }) => ({ page, url: '/map.svg', alt: 'Carte', width: 640, height: 300 })),
    'part/results': lists,
    'part/facets': lists,
    'part/chips': lists,
    'part/choice': panels.flatMap(({ name, choices, more }) => [...choices, ...more].map((choice) => ({ ...choice, facet: name }))),
    'part/search': lists.flatMap((list) => [true, false].map((small) => ({ ...list, id: 'q', small }))),
    'part/near': lists,
    'part/as-map': lists.map(({ asMap }) => asMap),
    'part/card': cards,
    'part/banner': cards,
    'part/type-mark': cards,
    'part/activity': cards,
    'part/freshness': cards,
    'part/freshness-words': cards,
    'part/map-frame': all('map/page').map(({ map }) => map),
    'widget/asks': framed,
    'widget/found': framed,
    'widget/card': cards.flatMap((card) => [true, false].map((banners) => ({ ...card, banners }))),
    'part/group': all('group/page').map(({ group, page }) => ({ ...group, page })),
    'part/group-facts': all('group/page').map(({ group, page }) => ({ ...group, page })),
    'part/group-record': groups,
    'part/join': groups,
    'part/neighbours': groups,
    'part/neighbour': groups.flatMap(({ neighbours }) => [...neighbours.place, ...neighbours.subject.map((one: object) => ({ ...one, km: 0.4 }))]),
    'part/service-link': links,
    'part/print-links': groups.flatMap(({ services }) => services),
    'part/isle': [...all('site/home'), ...all('ecosystem/list')].flatMap(({ ecosystems }) => ecosystems),
    ...generatorModels(all('widget/generator')),
    ...accountModels(all),
    ...moderationModels(all),
    ...editModels(all),
    ...federationModels(all, cards),
    'part/picture': cards.flatMap(({ banner }) => (banner ? [true, false].map((lazy) => ({ ...banner, class: 'banner', lazy })) : [])),
    'picture/form': all('picture/page').flatMap(({ forms, ...page }) => forms.map((form: object) => ({ ...page, ...form }))),
    'part/change': [...all('group/revision'), ...all('group/history').flatMap(({ entries }) => entries)].flatMap(({ changes }) =>
      changes.map((change: object) => ({ ...change, lang: 'fr' })),
    ),
    'part/revision-told': all('group/history').flatMap(({ entries }) => entries),
    'network/way': all('network/page').flatMap(({ rows }) => [...rows, ...rows.map((row: object) => ({ ...row, host: 'ailleurs.example' }))]),
    'part/unsent': [{ unsent: 'Deux\nlignes.' }],
    'part/sea': [{}],
    'part/uncharted': [{}],
  }
}

/** What the parts of the pages about oneself are given, and the mails to sign in and to invite. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
function accountModels(all: (name: string) => any[]): Record<string, object[]> {
  const link = '/sign-in/x'
  const forms = [...all('account/sign-in'), ...all('account/over')]
  return {
    'part/me-groups': all('account/me').map(({ me }) => me),
    'part/me-profile': all('account/me'),
    'part/me-doors': all('account/me'),
    'part/faults': forms,
    'part/sign-in-form': forms,
    'part/address-field': forms.flatMap((form) => ['', 'Un mot.'].map((hint) => ({ ...form, label: 'Adresse', hint }))),
    'mail/sign-in': [{ link }],
    'mail/new-address': [{ link }],
    'mail/address-changed': [{ link }],
    'mail/animator': ['', 'Ana'].map((by) => ({ link, by, group: 'Jardin', url: '/g/jardin' })),
  }
}

/** What the parts of pages about proposals are given, and the mails about them and about suggestions. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
function moderationModels(all: (name: string) => any[]): Record<string, object[]> {
  const said = { group: 'Jardin', link: '/g/jardin', answer: 'Deux\nlignes.', kind: 'dead' }
  return {
    'moderation/short-name': ['empty', 'wrong', 'taken', 'free'].map((state) => ({ state, shortName: 'jardin', free: ['jardin-2'] })),
    'moderation/candidates': [...all('moderation/propose'), ...all('moderation/review')],
    'mail/proposal-confirm': [said],
    'mail/proposal-new': [said],
    'mail/proposal-accepted': [said],
    'mail/proposal-asked': [said],
    'mail/proposal-declined': [said],
    'mail/suggestion-confirm': [said],
    'mail/suggestion-new': [said],
    'mail/suggestion-decided': ['', 'Merci.'].flatMap((word) => [true, false].map((kept) => ({ ...said, word, kept }))),
  }
}

/** What the parts of the form that makes widgets are given. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
function generatorModels(makers: any[]): Record<string, object[]> {
  const checks = makers.flatMap((maker) => Object.values<object>(maker.checks))
  return {
    'widget/generator-field': makers.flatMap(({ fields }) => Object.values<object>(fields)),
    'widget/generator-select': makers.flatMap(({ selects }) => Object.values<object>(selects)),
    'widget/generator-checks': checks.flatMap((field) => [true, false].map((radio) => ({ ...field, radio }))),
    'widget/generator-fold': checks,
    'widget/generator-made': makers.flatMap(({ made }) => made ?? []),
    'widget/generator-help': makers,
  }
}

function isWhole(t: Test, html: string, what: string): void {
  const hole = /.{0,60}(\[object|undefined|\bNaN\b|Invalid Date|\bnull\b|No sentence in).{0,60}/.exec(html)?.[0]
  t.notOk(hole, what)
}

/** The site on the whole cast and on nothing, with views that are strict with their models and remember them. */
async function openSite(t: Test) {
  const db = await openSqlite(t)
  await fill(db)
  await createGroup(db, whole, { at: now, via: 'command' })
  const deps = await makeTestDeps(db, { development: true, demo: true })
  const models = new Map<string, object[]>()
  const strict = ([name, template]: [string, Handlebars.TemplateDelegate]): [string, Handlebars.TemplateDelegate] => [
    name,
    (model, options) => {
      models.set(name, [...(models.get(name) ?? []), model])
      try {
        return template(strictModel(model), options)
      } catch (error) {
        holes.push(`${name}: ${(error as Error).message}`)
        throw error
      }
    },
  ]
  const holes: string[] = []
  keepStrict(t)
  const views: Views = { ...deps.views, templates: new Map([...deps.views.templates].map(strict)) }
  const app = await buildApp({ ...deps, views })
  const empty = await buildApp({ ...(await makeTestDeps(await openSqlite(t))), views })
  t.teardown(() => Promise.all([app.close(), empty.close()]))
  return { app, empty, db, views: deps.views, models, holes }
}

/** A partial with parameters is given a plain copy of its model (`Utils.extend`), the layout's blocks too: make the copy as strict. */
function keepStrict(t: Test): void {
  const { Utils } = Handlebars
  const { extend } = Utils
  Utils.extend = (target, ...more) => {
    const whole = extend(target, ...more)
    return more.some(isStrict) ? strictModel(whole) : whole
  }
  t.teardown(() => {
    Utils.extend = extend
  })
}

function isStrict(model: unknown): boolean {
  try {
    return Boolean((model as Record<string, unknown> | undefined)?.['a key that no model has'])
  } catch {
    return true
  }
}
