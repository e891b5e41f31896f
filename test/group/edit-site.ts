import type { FastifyInstance } from 'fastify'
import type { Db } from '../../server/db/tables.ts'
import { deleteGroup, editGroup } from '../../server/group/actions.ts'
import { listValues, toFields } from '../../server/group/form-fields.ts'
import { findGroup } from '../../server/group/queries.ts'
import { toGroup } from '../../server/group/row.ts'
import type { Group } from '../../server/schema-types.ts'
import { now } from '../helper.ts'
import { signInAs } from '../people.ts'

/** What a browser would send for this record, with changes. */
export function formOf(record: Partial<Group>, revision: number, changes: Record<string, string> = {}): string {
  const fields = new URLSearchParams(listValues(toFields(record, { locale: 'fr', zone: 'Europe/Paris' })))
  for (const [name, value] of Object.entries({ revision: String(revision), ...changes })) fields.set(name, value)
  return String(fields)
}

/** The pages of the form in each of their states, by what they are about; `whole` is the short name of a record that says everything. */
export async function askEditPages(app: FastifyInstance, db: Db, locale: string, whole: string) {
  const headers = { cookie: await signInAs(app, db, 'operator'), 'content-type': 'application/x-www-form-urlencoded', 'accept-language': locale }
  const get = (url: string) => app.inject({ url, headers })
  const send = (url: string, payload: string) => app.inject({ method: 'POST', url, headers, payload })
  const row = (await findGroup(db, whole))!
  const record = toGroup(row)
  const edit = `/g/${whole}/edit`
  const wrong = {
    name: '',
    type: 'club',
    'links.0.url': 'x',
    'roles.0.since': 'y',
    'partners.0.name': '',
    keywords: 'Énergie',
    place: 'x'.repeat(300),
    'welcome.0.text': 'z'.repeat(300),
  }
  const pages = {
    form: await get(edit),
    'form of a record that says little': await get('/g/balise-1/edit'),
    'form of one that was accepted': await get('/g/jardin-de-la-rade/edit'),
    errors: await send(edit, formOf(record, row.revision, wrong)),
    'a charter to accept': await send(
      '/g/balise-2/edit',
      formOf(toGroup((await findGroup(db, 'balise-2'))!), 1, { keywords: 'Énergie', description: '**x**' }),
    ),
    'too many': await send(
      edit,
      formOf(record, row.revision, Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`links.${at + 100}.url`, 'https://x.example/']))),
    ),
    preview: await send(`${edit}/preview`, formOf(record, row.revision)),
    delete: await get(`/g/${whole}/delete`),
    'delete, wrongly typed': await send(`/g/${whole}/delete`, 'shortName=x'),
  }
  const by = { at: now, via: 'form' as const }
  const mine: Group = {
    ...record,
    name: 'A',
    summary: 'A',
    type: 'support',
    activity: 'preparing',
    meets: 'online',
    country: 'SN',
    region: 'SN-DK',
    memberCount: 1,
  }
  const theirs: Group = { ...mine, name: 'B', summary: 'B', type: 'thematic', memberCount: 2, welcome: ['x'] }
  await editGroup(db, row, { ...theirs, activity: 'active', meets: 'both', country: 'FR', region: 'FR-IDF' }, { ...by, author: 'Otto' })
  const conflict = await send(edit, formOf({ ...mine, links: [], roles: [], welcome: [] }, row.revision))
  await deleteGroup(db, (await findGroup(db, whole))!, by)
  const restore = await get(`/g/${whole}/restore`)
  await send(`/g/${whole}/restore`, '')
  return { ...pages, conflict, restore }
}

/** What the parts of the form are given. */
// biome-ignore lint/suspicious/noExplicitAny: the models are as different as the pages.
export function editModels(all: (name: string) => any[]): Record<string, object[]> {
  const forms = all('group/edit')
  const focused = (models: object[]) => models.map((model) => ({ ...model, focus: '' }))
  const lists = forms.flatMap(({ lists: one }) => Object.values<object & { rows: object[]; blank: object }>(one))
  const rows = lists.flatMap(({ rows: some, blank }) => [...some, blank])
  const fields = forms.flatMap(({ f }) => Object.values<object>(f))
  const input = { type: 'text', max: '9', mode: false, among: false, required: false, unsaid: true, lines: '2', focus: '' }
  return {
    'part/edit-label': fields.map((field) => ({ ...field, required: true })),
    'part/edit-input': fields.map((field) => ({ ...field, ...input })),
    'part/edit-text': fields.map((field) => ({ ...field, ...input })),
    'part/edit-select': fields.map((field) => ({ ...field, ...input })),
    'part/edit-radios': fields.map((field) => ({ ...field, ...input })),
    'part/edit-options': fields,
    'part/edit-list': focused(lists),
    'part/edit-row': focused(rows),
    'part/edit-place': forms,
    'part/edit-charters': forms,
    'part/edit-preview': forms.map(({ preview }) => preview),
  }
}
