import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AppError } from '../../errors.ts'
import { toAppError } from '../../http/error-answer.ts'
import { type FieldError, toFieldErrors } from '../../schema.ts'
import type { IndexError, MurmurationsErrors } from '../../schema-types.ts'
import type { Translate } from '../../text/translate.ts'
import { IndexRefusal, refuse, toWrong, type Wrong } from './refusal.ts'

/** For routes of the index: any error in the shape that its clients read. */
export function answerIndexError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toRefusal(thrown)
  if (error.status >= 500) request.log.error({ err: thrown }, 'request failed')
  const body: MurmurationsErrors = {
    errors: toErrors(error, request.t),
    ...(error instanceof IndexRefusal && error.meta ? { meta: error.meta } : {}),
  }
  return reply
    .code(error.status)
    .headers({ 'cache-control': 'no-store', ...error.headers })
    .removeHeader('etag')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(body)
}

function toRefusal(thrown: unknown): AppError {
  const { validation, code } = (thrown ?? {}) as { validation?: Parameters<typeof toFieldErrors>[0]; code?: string }
  if (validation) return new IndexRefusal(byParameter(toFieldErrors(validation)))
  if (code && /^FST_ERR_CTP_(INVALID|EMPTY)_JSON_BODY$/.test(code)) return refuse('JSON Error', 'json')
  return toAppError(thrown)
}

/** The second wrong `tags=` is still the parameter `tags`. */
function byParameter(errors: FieldError[]): Wrong[] {
  const named = errors.map((error) => ({ error, parameter: error.field.split('/')[0] ?? '' }))
  return [...new Map(named.map((one) => [one.parameter, one])).values()].map(({ error, parameter }) => ({
    ...toWrong(error, { parameter }),
    title: 'Invalid Query Parameter',
  }))
}

function toErrors(error: AppError, t: Translate): IndexError[] {
  if (error instanceof IndexRefusal)
    return error.wrong.map(({ title, detail, source, status = 400 }) => ({
      status,
      ...(source ? { source } : {}),
      title,
      detail: t(detail.key, detail.values),
    }))
  const { status, code, detail, errors } = error
  const whole = detail ? t(detail.key, detail.values) : t(`error.${code}.detail`)
  const title = t(`error.${code}.title`)
  if (!errors?.length) return [{ status, title, detail: whole }]
  return errors.map(({ field, message }) => ({ status, source: { parameter: field }, title, detail: t(message.key, message.values) }))
}
