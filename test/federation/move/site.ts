import type { FastifyInstance } from 'fastify'
import type { Db } from '../../../server/db/tables.ts'
import { arriveGroup, leaveGroup } from '../../../server/federation/move/actions.ts'
import { createGroup } from '../../../server/group/actions.ts'
import { now, publicUrl } from '../../helper.ts'
import { signInAs } from '../../people.ts'
import { group } from '../../world.ts'

/** The pages about groups that change servers, each in its states. */
export async function askMovePages(app: FastifyInstance, db: Db, locale: 'fr' | 'en') {
  const headers = { cookie: await signInAs(app, db, 'operator'), 'accept-language': locale, 'content-type': 'application/x-www-form-urlencoded' }
  const get = (url: string) => app.inject({ url, headers })
  const post = (url: string, payload: string) => app.inject({ method: 'POST', url, headers, payload })
  const [here, gone] = [`venu-${locale}`, `parti-${locale}`]
  await placeMoves(db, here, gone)
  return {
    'a move': await get(`/g/${here}/move`),
    'a move refused': await post(`/g/${here}/move`, 'address=x:'),
    'a move to this server': await post(`/g/${here}/move`, `address=${publicUrl}/g/x`),
    'a group that moved': await get(`/g/${gone}/move/done`),
    'what it leaves': await get(`/g/${gone}/print`),
    'the way back': await get(`/g/${gone}/restore`),
    'an arrival': await get(`/g/${here}/arrival?from=https://avant.example/id/1`),
    'an arrival refused': await post(`/g/${here}/arrival`, 'from=x:'),
    'a group that arrived': await get(`/g/${here}`),
  }
}

async function placeMoves(db: Db, here: string, gone: string): Promise<void> {
  const by = { at: now, via: 'command' as const }
  const facts = { statement: 'x.y.z', key: { kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'k', use: 'sig' } as const }
  const claim = { iss: publicUrl, at: now, kid: 'k', to: 'https://apres.example/id/1', url: 'https://apres.example/g/un' }
  const [arrived, left] = [await createGroup(db, group({ shortName: here }), by), await createGroup(db, group({ shortName: gone }), by)]
  await arriveGroup(db, arrived, { ...facts, claim: { ...claim, sub: `https://avant.example/id/${here}` } }, by)
  await leaveGroup(db, left, { ...facts, claim: { ...claim, sub: `${publicUrl}/id/${left.id}` } }, by)
}
