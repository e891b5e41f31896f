import { v7 as uuid } from 'uuid'
import { findOrCreatePerson } from '../../server/account/people.ts'
import { updatePerson } from '../../server/account/queries.ts'
import { startSession } from '../../server/account/session.ts'
import { transaction } from '../../server/db/open.ts'
import type { Db } from '../../server/db/tables.ts'
import { listGroupsByNum } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import * as urls from '../../server/urls.ts'
import { formOf } from '../group/edit-site.ts'

/** Milliseconds that saving a record through its form takes, one after the other, search index included: sorted. `db` is that of the server at `url`. */
export async function saveTimes(db: Db, url: string, size: number, count = 150): Promise<number[]> {
  const cookie = await signIn(db)
  const headers = { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' }
  const nums = Array.from({ length: count }, (_, at) => 1 + Math.floor((at * size) / count))
  const times: number[] = []
  for (const row of await listGroupsByNum(db, nums)) {
    const body = formOf(toGroup(row), row.revision, { summary: `${row.summary.slice(0, 150)} ${uuid().slice(0, 8)}`, do: 'save' })
    const started = performance.now()
    const answer = await fetch(url + urls.groupEdit(row.short_name), { method: 'POST', headers, body, redirect: 'manual' })
    await answer.arrayBuffer()
    times.push(performance.now() - started)
    if (answer.status !== 303) throw new Error(`Saving ${row.short_name} was answered by ${answer.status}.`)
  }
  return times.sort((a, b) => a - b)
}

/** An operator's `cookie` header. */
function signIn(db: Db): Promise<string> {
  const at = new Date().toISOString()
  return transaction(db, async (tx) => {
    const { id } = await findOrCreatePerson(tx, 'bench@archipel.example', 'fr', at)
    await updatePerson(tx, id, { operator: 1 })
    return (await startSession(tx, { publicUrl: 'http://127.0.0.1' }, id, at)).split(';')[0]!
  })
}
