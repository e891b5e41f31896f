import type { FastifyRequest } from 'fastify'
import { countAttempt, countNetwork } from '../account/limits.ts'
import { readAddress } from '../account/rules.ts'
import type { Deps } from '../deps.ts'
import { AppError, type Fault } from '../errors.ts'
import type { FormBody } from '../group/form-fields.ts'
import { isUnhurried, newStamp } from '../http/trap.ts'
import type { Asker } from './actions.ts'

const perNetwork = { max: 10, minutes: 60 }
const perAddress = { max: 5, minutes: 24 * 60 }

/** A field sent once, whatever was sent. */
export function textOf(body: FormBody, name: string): string {
  return [body[name] ?? ''].flat().at(-1)!
}

/** Who sends a form: the person signed in, or the address typed into it. */
export function readAsker({ person, locale, body }: FastifyRequest, { clock }: Pick<Deps, 'clock'>): { asker: Asker; faults: Fault[] } {
  const address = person?.address ?? readAddress(textOf(body as FormBody, 'address'))
  const faults = address ? [] : [{ field: 'address', message: { key: 'contact.wrong.address' } }]
  return { asker: { person, address: address ?? '', locale, at: clock().toISOString() }, faults }
}

/** What keeps a form from being taken just now, with the status to answer: it came too quickly, or there were too many. */
export async function findHindrance(
  request: FastifyRequest,
  deps: Deps,
  kind: 'proposal' | 'suggestion',
  address: string,
): Promise<{ fault: Fault; status: number; headers: Record<string, string> } | undefined> {
  if (!isUnhurried(deps, textOf(request.body as FormBody, 'stamp')))
    return { fault: { field: 'send', message: { key: 'contact.wrong.again' } }, status: 400, headers: {} }
  try {
    await countNetwork(deps.db, deps, kind, request.ip, perNetwork)
    await countAttempt(deps.db, deps, `${kind} address`, address, perAddress)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'tooMany') throw error
    const minutes = Math.ceil(Number(error.headers?.['retry-after'] ?? 60) / 60)
    return { fault: { field: 'send', message: { key: 'contact.wrong.tooMany', values: { minutes } } }, status: 429, headers: error.headers ?? {} }
  }
}

/** The stamp of the form that comes back: the old one while it is good, so that nobody has to wait a second time. */
export function stampFor(request: FastifyRequest, deps: Deps): string {
  const stamp = textOf((request.body ?? {}) as FormBody, 'stamp')
  return isUnhurried(deps, stamp) ? stamp : newStamp(deps)
}
