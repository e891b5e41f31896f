import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { newStamp } from '../../server/http/trap.ts'
import { linkTo, mailsTo, post } from '../account/mails.ts'
import { now } from '../helper.ts'
import { people, signInAs } from '../people.ts'

type Answers = Record<string, { statusCode: number; body: string; headers: Record<string, unknown> }>

/** A stamp of a form that has been open for `seconds`. */
export function stampAt(seconds: number, at = now): string {
  return newStamp({ config: { secret: 'a secret that only the tests know' }, clock: () => new Date(Date.parse(at) - seconds * 1000) })
}

export const proposed = {
  name: 'Chorale du quai',
  summary: 'On chante le mardi, sans audition.',
  type: 'thematic',
  shortName: 'chorale-du-quai',
  description: 'Un **chœur** ouvert.',
  keywords: 'chant, Énergie',
  languages: 'fr',
  activity: 'active',
  place: 'Brest',
  country: 'FR',
  'links.0.service': 'home',
  'links.0.url': 'https://chorale.example/',
  address: 'zoe@visitor.example',
  message: 'Bonjour,\nnous sommes douze.',
}

/** Every page of proposals and suggestions, as it may come, for the tests of views. The cast must be there; once a language. */
export async function askModerationPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const cookies = { operator: await signInAs(app, db, 'operator'), steward: await signInAs(app, db, 'steward') }
  const [animator, stranger] = [await signInAs(app, db, 'animator'), await signInAs(app, db, 'stranger')]
  const get = (url: string, cookie = '') => app.inject({ url, headers: { 'accept-language': locale, cookie } })
  const send = (url: string, fields: Record<string, string>, cookie = '') =>
    post(app, url, { stamp: stampAt(10), ...fields }, { 'accept-language': locale, cookie })
  const fields = { ...proposed, shortName: `chorale-${locale}`, name: `Chorale ${locale}`, address: `zoe-${locale}@visitor.example` }
  const form = '/new'
  const answers: Answers = {
    form: await get(form),
    'form, signed in': await get(`${form}?keyword=Énergie`, stranger),
    'nothing typed': await send(form, {}),
    'too quick': await send(form, { ...fields, stamp: '' }),
    'too long': await send(form, { ...fields, message: 'x'.repeat(2001) }),
    'a row more': await send(form, { ...fields, do: 'links.add' }),
    preview: await send(`${form}/preview`, fields),
    'preview of nothing': await send(`${form}/preview`, {}),
    'maybe here already': await send(form, { ...fields, name: 'Jardin de la rade', shortName: 'phare-citoyen' }),
    'short name': await get(`${form}/short-name?name=Phare citoyen&short-name=phare-citoyen`),
    'short name free': await get(`${form}/short-name?name=Un nom tout neuf`),
    'short name wrong': await get(`${form}/short-name?short-name=%20A%20b`),
    asked: await get(`${form}?done=asked`),
  }
  await send(form, { ...fields, sure: '1' })
  const confirmed = await post(app, await linkTo(db, fields.address), {}, { 'accept-language': locale })
  answers['unknown proposal'] = await get('/new/x', stranger)
  const own = String((await send(form, { ...fields, shortName: `autre-${locale}`, sure: '1' }, stranger)).headers.location)
  const id = own.replace(/^\/new\/|\?.*$/g, '')
  const review = `/me/proposals/${id}`
  Object.assign(answers, {
    confirmed,
    'own proposal': await get(own, stranger),
    'to review': await get('/me/proposals', cookies.operator),
    'to review, as steward': await get('/me/proposals', cookies.steward),
    review: await get(review, cookies.operator),
  })
  const decide = (fields: Record<string, string>, cookie = cookies.operator) => post(app, review, fields, { 'accept-language': locale, cookie })
  answers['no question'] = await decide({ do: 'ask', revision: '1', question: ' ' })
  answers['no reason'] = await decide({ do: 'decline', revision: '1' })
  answers['name taken'] = await decide({ do: 'accept', revision: '1', shortName: 'phare-citoyen' })
  answers['old revision'] = await decide({ do: 'accept', revision: '9', shortName: `autre-${locale}` })
  await decide({ do: 'ask', revision: '1', question: 'Qui êtes-vous ?' })
  answers['asked for more'] = await get(own, stranger)
  answers['my page, asked'] = await get('/me', stranger)
  await decide({ do: 'decline', revision: '2', reason: 'Pas un groupe.' })
  answers.declined = await get(own, stranger)
  answers['review of what is decided'] = await get(review, cookies.operator)
  const second = String((await send(form, { ...fields, sure: '1' }, stranger)).headers.location).replace(/\?.*$/, '')
  await post(
    app,
    second.replace('/new', '/me/proposals'),
    { do: 'accept', revision: '1', shortName: `chorale-${locale}` },
    { cookie: cookies.operator },
  )
  answers.accepted = await get(second, stranger)
  return { ...answers, ...(await askSuggestionPages(app, db, locale, animator)) }
}

async function askSuggestionPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en', animator: string): Promise<Answers> {
  const group = '/g/jardin-de-la-rade'
  const get = (url: string, cookie = '') => app.inject({ url, headers: { 'accept-language': locale, cookie } })
  const send = (fields: Record<string, string>, cookie = '') =>
    post(app, `${group}/suggest`, { stamp: stampAt(10), ...shown, ...fields }, { 'accept-language': locale, cookie })
  const stranger = await signInAs(app, db, 'stranger')
  await send({ kind: 'correction', summary: `Un jardin ${locale}.`, activity: '', 'links.0.url': 'https://jardin.example/neuf' }, stranger)
  await send({ kind: 'duplicate', duplicateOf: 'phare-citoyen' }, stranger)
  await send({ kind: 'dead', message: 'Plus personne.\n\nVraiment.', address: `max-${locale}@visitor.example` })
  await post(app, await linkTo(db, `max-${locale}@visitor.example`))
  return {
    'suggest, nothing': await send({ kind: 'correction' }),
    'suggest, wrong': await send({ kind: 'duplicate', duplicateOf: 'personne', summary: '', message: 'x'.repeat(2001), address: 'x' }),
    suggest: await get(`${group}/suggest`),
    'suggest, signed in': await get(`${group}/suggest`, stranger),
    'suggest, a row more': await send({ do: 'links.add' }),
    'suggestion asked': await get(`${group}/suggest?done=asked`),
    'suggestion sent': await get(`${group}/suggest?done=sent`),
    suggestions: await get(`${group}/suggestions`, animator),
    'suggestions, late': await post(
      app,
      `${group}/suggestions`,
      { id: 'x', do: 'decline', revision: '1' },
      { 'accept-language': locale, cookie: animator },
    ),
    'suggestions, too late for a word': await post(
      app,
      `${group}/suggestions`,
      { id: 'x', do: 'decline', word: 'Merci.' },
      { 'accept-language': locale, cookie: animator },
    ),
    'suggestions, too many words': await sendWord(app, db, locale, animator),
    'no suggestions': await get('/g/phare-citoyen/suggestions', await signInAs(app, db, 'otherAnimator')),
    'my page, with suggestions': await get('/me', animator),
  }
}

async function sendWord(app: FastifyInstance, db: Db, locale: 'fr' | 'en', cookie: string) {
  const { id } = await db.selectFrom('suggestion').select('id').where('state', '=', 'open').executeTakeFirstOrThrow()
  return post(app, '/g/jardin-de-la-rade/suggestions', { id, do: 'decline', word: 'x'.repeat(2001) }, { 'accept-language': locale, cookie })
}

/** What a visitor's form about jardin-de-la-rade holds before they change anything. */
export const shown = {
  name: 'Jardin de la rade',
  summary: 'Un jardin partagé face à la mer.',
  description: 'On y sème, on y **récolte** et on y discute.\r\n\r\nOuvert à tous, sans cotisation.',
  keywords: 'Jardin, Énergie',
  activity: 'active',
  place: 'Brest',
  country: 'FR',
  region: 'FR-BRE',
  'links.0.service': 'home',
  'links.0.url': 'https://jardin.example/',
  'links.0.label': '',
  'links.1.service': 'subscribe',
  'links.1.url': 'https://jardin.example/liste',
  'links.1.label': 'Par courriel',
}

export { linkTo, mailsTo, people, post }
