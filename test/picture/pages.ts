import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { signInAs } from '../people.ts'
import { send } from './send.ts'

type Answers = Record<string, { statusCode: number; body: string }>

/** The page of pictures: of a group with a banner and a logo, of one with neither, and given back with what was wrong. */
export async function askPicturePages(app: FastifyInstance, db: Db, locale: 'fr' | 'en'): Promise<Answers> {
  const cookie = await signInAs(app, db, 'operator')
  const ask = (url: string) => app.inject({ url, headers: { cookie, 'accept-language': locale } })
  const page = '/g/tout/pictures'
  return {
    both: await ask(page),
    neither: await ask('/g/grenier/pictures'),
    saved: await ask(`${page}?saved=banner`),
    removed: await ask('/g/grenier/pictures?saved=logo'),
    refused: await send(app, `${page}/banner`, cookie, [{ bytes: Buffer.from('<svg>') }], { alt: 'x'.repeat(301), lang: locale }),
  }
}
