import t from 'tap'
import { createQueue } from '../../server/picture/queue.ts'

t.test('one at a time, in order; a failure stops nobody; too many are sent away', async (t) => {
  const run = createQueue(2)
  const log: string[] = []
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const work = (at: number) => async () => {
    log.push(`begin ${at}`)
    await gates[at]!.promise
    log.push(`end ${at}`)
    if (at === 0) throw new Error('broken')
    return at
  }
  const [first, second, third] = [run(work(0)), run(work(1)), run(work(2))]
  t.match(await run(work(0)).catch((error) => error), { status: 503, detail: { key: 'picture.busy' } })
  for (const { resolve } of gates.toReversed()) resolve()
  await t.rejects(first, /broken/)
  t.same(await Promise.all([second, third]), [1, 2])
  t.same(log, ['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  t.equal(await run(work(1)), 1, 'and there is room again')
})
