import type { FastifyInstance } from 'fastify'
import type { Deps } from '../../deps.ts'
import { checkUrl } from '../../net/address.ts'
import { validatorFor } from '../../schema.ts'
import type { MurmurationsSubmission } from '../../schema-types.ts'
import * as urls from '../../urls.ts'
import { submitProfile } from './actions.ts'
import { answerIndexError } from './errors.ts'
import { IndexRefusal, refuse, toWrong } from './refusal.ts'
import { nodeIdOf } from './rules.ts'
import { checkProfile } from './validate.ts'

const check = validatorFor('/schemas/murmurations-submission.json')

/** A profile to be looked at later, and one to be checked right now. */
export function registerSubmissions(app: FastifyInstance, deps: Deps): void {
  const options = (answer: string) => ({
    schema: { response: { 200: { $ref: answer } } },
    config: { right: 'anyone' as const },
    errorHandler: answerIndexError,
  })

  app.post(urls.indexNodes, options('/schemas/murmurations-state.json'), async (request, reply) => {
    const profileUrl = readSubmission(request.body)
    // Ours are known without being asked for.
    if (new URL(profileUrl).origin !== new URL(deps.config.publicUrl).origin) await submitProfile(deps, profileUrl, request.ip)
    reply.header('cache-control', 'no-store')
    return { data: { node_id: nodeIdOf(profileUrl) } }
  })

  app.post(urls.indexValidate, options('/schemas/murmurations-verdict.json'), async (request, reply) => {
    const wrong = checkProfile(request.body, deps.clock())
    if (wrong.length > 0) throw new IndexRefusal(wrong)
    reply.header('cache-control', 'no-store')
    return { meta: { message: request.t('index.valid') } }
  })
}

/** An address that the outbound client would ask, as far as its words tell. */
function readSubmission(body: unknown): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse('JSON Error', 'object')
  const { profile_url: given, ...rest } = body as Partial<MurmurationsSubmission>
  const errors = check(given === '' ? rest : body)
  if (errors.length > 0) throw new IndexRefusal(errors.map((error) => toWrong(error, { pointer: `/${error.field}` })))
  const { profile_url: profileUrl } = body as MurmurationsSubmission
  try {
    if (!/^https?:\/\//i.test(profileUrl)) throw new Error('no web address')
    checkUrl(profileUrl, {})
  } catch {
    throw refuse('Invalid Profile URL', 'profileUrl', { source: { pointer: '/profile_url' } })
  }
  return profileUrl
}
