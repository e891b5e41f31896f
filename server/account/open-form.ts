import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { AppError, type Fault } from '../errors.ts'
import { isUnhurried, newStamp } from '../http/trap.ts'
import { countAttempt, countNetwork } from './limits.ts'

/** What keeps a form that anybody may send from being taken just now, with the status to answer. */
export interface Hindrance {
  fault: Fault
  status: number
  headers: Record<string, string>
}

type FormDeps = Pick<Deps, 'config' | 'db' | 'clock'>

const perNetwork = { max: 10, minutes: 60 }
const perAddress = { max: 5, minutes: 24 * 60 }

/** It came too quickly, or too late. Costs nothing: to be asked before anything else is. */
export function findHaste(request: FastifyRequest, deps: Pick<FormDeps, 'config' | 'clock'>): Hindrance | undefined {
  if (isUnhurried(deps, stampOf(request))) return undefined
  return { fault: { field: 'send', message: { key: 'contact.wrong.again' } }, status: 400, headers: {} }
}

/** There were too many from this network, or in the name of this address; else counts one more. To be asked last, when all else is right. */
export async function findFlood(
  { ip }: FastifyRequest,
  deps: FormDeps,
  kind: 'letter' | 'proposal' | 'suggestion',
  address: string,
): Promise<Hindrance | undefined> {
  try {
    await countNetwork(deps.db, deps, kind, ip, perNetwork)
    await countAttempt(deps.db, deps, `${kind} address`, address, perAddress)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'tooMany') throw error
    const minutes = Math.ceil(Number(error.headers?.['retry-after'] ?? 60) / 60)
    return { fault: { field: 'send', message: { key: 'contact.wrong.tooMany', values: { minutes } } }, status: 429, headers: error.headers ?? {} }
  }
}

/** The stamp of the form that comes back: the old one while it is good, so that nobody has to wait a second time. */
export function stampFor(request: FastifyRequest, deps: Pick<FormDeps, 'config' | 'clock'>): string {
  const stamp = stampOf(request)
  return isUnhurried(deps, stamp) ? stamp : newStamp(deps)
}

function stampOf({ body }: FastifyRequest): string {
  const { stamp = '' } = (body ?? {}) as { stamp?: string | string[] }
  return [stamp].flat().at(-1) ?? ''
}
