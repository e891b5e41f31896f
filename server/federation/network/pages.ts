import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { listEcosystems } from '../../ecosystem/queries.ts'
import { listGroupsByNum } from '../../group/queries.ts'
import { isKnown } from '../../http/cache.ts'
import { langOnly } from '../../http/lang-only.ts'
import { pageFrame } from '../../http/page-frame.ts'
import { daysBefore } from '../../text/days.ts'
import * as urls from '../../urls.ts'
import { hiddenAfterDays } from '../copies/rules.ts'
import { type Network, toNetwork } from './network.ts'
import { toNetworkRecord, toNetworkView, urlOf } from './present.ts'
import { type Chart, type ChartOptions, chartOf } from './present-chart.ts'
import { type FollowedEcosystem, listFollowedEcosystems } from './queries.ts'

const mostFollowed = 1000
/** Two charts of the same: one for wide windows, one for phones. */
const sheets: { wide: Omit<ChartOptions, Words>; narrow: Omit<ChartOptions, Words> } = {
  wide: { columns: 6, cell: { width: 190, height: 190 }, most: 18, radius: [20, 52], line: 21 },
  narrow: { columns: 2, cell: { width: 156, height: 180 }, most: 10, radius: [18, 42], line: 17 },
}

type Words = 'label' | 'urlOf' | 'groups'
type Drawn = Chart & { kind: string }

/** The network of ecosystems: a page and its twin, made of what is here and kept until that changes. */
export function registerNetwork(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config
  let kept: { key: string; network: Network; charts: Map<string, Drawn[]> } | undefined

  async function current() {
    const state = await deps.catalogue.current(deps.db)
    const followed = await listFollowedEcosystems(deps.db, daysBefore(hiddenAfterDays, deps.clock()), mostFollowed)
    const key = JSON.stringify([state.version, followed])
    const make = async () => {
      if (kept?.key !== key) kept = { key, network: toNetwork(await listEcosystems(deps.db), followed, state, publicUrl), charts: new Map() }
      return kept
    }
    return { key, modified: lastOf(state.changedAt, followed), make }
  }

  app.get(urls.network, { schema: { querystring: langOnly } }, async (request, reply) => {
    const { network, charts } = await (await current()).make()
    const drawn = charts.get(request.locale) ?? chartsOf(request, network)
    charts.set(request.locale, drawn)
    const page = pageFrame(request, deps.config, {
      title: request.t('network.title'),
      description: request.t('network.intro'),
      alternates: [{ type: 'application/json', url: urls.twin(urls.network, 'json'), title: 'JSON' }],
    })
    const view = toNetworkView(network, await bridgesOf(deps, network))
    return reply.page('network/page', { page, ...view, charts: drawn })
  })

  app.get<{ Querystring: { lang?: string } }>(
    urls.twin(urls.network, 'json'),
    { schema: { querystring: langOnly, response: { 200: { $ref: '/schemas/network.json' } } } },
    async (request, reply) => {
      const { key, modified, make } = await current()
      if (isKnown(request, reply, { of: [publicUrl, key], modified })) return reply.code(304).send()
      const { network } = await make()
      return toNetworkRecord(network, await bridgesOf(deps, network), publicUrl)
    },
  )
}

function chartsOf({ t }: FastifyRequest, network: Network): Drawn[] {
  if (network.places.length === 0) return []
  const words = { label: t('network.chart'), urlOf, groups: (count: number) => t('ecosystem.groups', { count }) }
  return Object.entries(sheets).map(([kind, sheet]) => ({ kind, ...chartOf(network, { ...sheet, ...words }) }))
}

async function bridgesOf({ db }: Pick<Deps, 'db'>, { bridges }: Network) {
  const nums = bridges.map(({ num }) => num)
  return new Map((await listGroupsByNum(db, nums)).map((row) => [row.num, row]))
}

function lastOf(changedAt: string | undefined, followed: FollowedEcosystem[]): string | undefined {
  const times = [...(changedAt ? [changedAt] : []), ...followed.map(({ seen_at }) => seen_at)]
  return times.sort().at(-1)
}
