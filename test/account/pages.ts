import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { people, signInAs } from '../people.ts'
import { linkTo, post } from './mails.ts'

type Answers = Record<string, { statusCode: number; body: string }>

/** Every page about oneself, as it may come: for the tests of views. The cast must be there. */
export async function askAccountPages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const language = { 'accept-language': locale }
  const [operator, animator, steward] = [await signInAs(app, db, 'operator'), await signInAs(app, db, 'animator'), await signInAs(app, db, 'steward')]
  const stranger = await signInAs(app, db, 'stranger')
  const get = (url: string, cookie = '') => app.inject({ url, headers: { ...language, cookie } })
  const send = (url: string, fields: Record<string, string>, cookie = '') => post(app, url, fields, { ...language, cookie })
  const animators = '/g/jardin-de-la-rade/animators'
  const address = `camille-${locale}@people.example`
  const { id } = await db.selectFrom('person').select('id').where('address', '=', people.animator.address).executeTakeFirstOrThrow()
  const askAddress = async (other: string, browser: string) => {
    await send('/me/address', { address: other }, stranger)
    return get(await linkTo(db, other), browser)
  }
  return {
    form: await get('/sign-in'),
    'form, wrong': await send('/sign-in', { address: 'x' }),
    sent: await send('/sign-in', { address }),
    confirm: await get(await linkTo(db, address)),
    'unknown link': await get('/sign-in/x'),
    used: await send(await linkTo(db, address), {}),
    'used link': await get(await linkTo(db, address)),
    'another address, in another browser': await askAddress(`neuve-${locale}@people.example`, ''),
    'another address': await askAddress(`autre-${locale}@people.example`, stranger),
    'token made': await send('/me/tokens', { token: 'Un <b>' }, animator),
    'my page': await get('/me?done=profile', animator),
    'my page, as operator': await get('/me', operator),
    'my page, as steward': await get('/me', steward),
    'my page, with nothing': await get('/me', stranger),
    'wrong name': await send('/me', { name: 'x'.repeat(90), locale }, stranger),
    'wrong address': await send('/me/address', { address: 'x' }, stranger),
    'wrong token': await send('/me/tokens', { token: '' }, stranger),
    'leave?': await get('/me/delete', animator),
    left: await send('/me/delete', { sure: 'yes' }, stranger),
    animators: await get(`${animators}?done=invited`, animator),
    'no animators': await get('/g/nadi-sama/animators', operator),
    'wrong invitation': await send(animators, { address: 'x' }, animator),
    'last animator': await send(`${animators}/remove`, { id }, animator),
    'send again': await send('/me', { name: 'x', locale }),
    'not yours': await get('/g/nadi-sama/animators', animator),
    'for operators': await get('/g/jardin-de-la-rade', operator),
  }
}
