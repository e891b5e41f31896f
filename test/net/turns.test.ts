import t from 'tap'
import { Failure } from '../../server/net/outcome.ts'
import { createTurns, type TurnLimits } from '../../server/net/turns.ts'

t.test('first come, first served, among hosts that have room', async (t) => {
  const { take, end, started } = watch({ perHost: 1, total: 2 })
  for (const name of ['a1', 'a2', 'b1', 'c1']) take(name)
  t.same(await started(), ['a1', 'b1'])
  end('b1')
  t.same(await started(), ['a1', 'b1', 'c1'])
  end('a1')
  end('a1')
  take('d1')
  t.same(await started(), ['a1', 'b1', 'c1', 'a2'], 'a turn is given back once')
})

t.test('a host is not begun with again before its pace', async (t) => {
  const { take, end, started, pass } = watch({ perHost: 2, pace: 100 })
  for (const name of ['a1', 'a2', 'b1']) take(name)
  t.same(await started(), ['a1', 'b1'])
  end('a1')
  t.same(await started(), ['a1', 'b1'])
  pass()
  t.same(await started(), ['a1', 'b1', 'a2'])
})

t.test('who gives up leaves the queue; who finds it full does not wait', async (t) => {
  const { take, end, started } = watch({ perHost: 1, waiting: 2 })
  const given = new AbortController()
  take('a1')
  const leaving = take('a2', given.signal)
  take('a3')
  await t.rejects(take('a4'), new Failure('busy'))
  given.abort(new Failure('aborted'))
  await t.rejects(leaving, new Failure('aborted'))
  await t.rejects(take('b1', given.signal), new Failure('aborted'))
  end('a1')
  t.same(await started(), ['a1', 'a3'])
})

/** A queue in which the first letter of a name is its host; `pass` lets the pace go by. */
function watch(limits: Partial<TurnLimits>) {
  const later: (() => void)[] = []
  const ends = new Map<string, () => void>()
  const takeTurn = createTurns({ perHost: 10, total: 10, pace: 0, waiting: 10, ...limits }, (run) => later.push(run))
  return {
    take: async (name: string, signal = new AbortController().signal) => {
      ends.set(name, await takeTurn(name[0]!, signal))
    },
    end: (name: string) => ends.get(name)!(),
    pass: () => {
      for (const run of later.splice(0)) run()
    },
    started: async () => {
      await new Promise(setImmediate)
      return [...ends.keys()]
    },
  }
}
