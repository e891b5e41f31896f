import type { FastifyRequest } from 'fastify'
import { readAddress } from '../account/rules.ts'
import type { Deps } from '../deps.ts'
import type { Fault } from '../errors.ts'
import type { FormBody } from '../group/form-fields.ts'
import type { Asker } from './actions.ts'

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
