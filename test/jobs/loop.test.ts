import t from 'tap'
import { createLoop } from '../../server/jobs/loop.ts'

const hour = 3600_000

/** A pass that the test ends. */
function held() {
  const passes: { end: (error?: Error) => void }[] = []
  const pass = () => new Promise<void>((resolve, reject) => passes.push({ end: (error) => (error ? reject(error) : resolve()) }))
  return { passes, pass }
}

const turn = () => new Promise(setImmediate)

t.test('never two passes at once; a call meanwhile makes one more', async (t) => {
  const { passes, pass } = held()
  const loop = createLoop(pass, hour, () => {})
  loop.wake()
  t.equal(passes.length, 0, 'not before the start')
  loop.start()
  loop.start()
  t.equal(passes.length, 1)
  loop.wake()
  loop.wake()
  await turn()
  t.equal(passes.length, 1)
  passes[0]!.end()
  await turn()
  t.equal(passes.length, 2)
  passes[1]!.end()
  await turn()
  t.equal(passes.length, 2, 'then it rests')
  loop.wake()
  t.equal(passes.length, 3, 'until it is woken')
  passes[2]!.end()
  await loop.stop()
})

t.test('it comes back by itself, and a failure does not end it', async (t) => {
  const errors: unknown[] = []
  let passes = 0
  await new Promise<void>((resolve) => {
    const loop = createLoop(
      async () => {
        if (++passes === 3) resolve()
        throw new Error(`pass ${passes}`)
      },
      1,
      (error) => errors.push(error),
    )
    loop.start()
    t.teardown(() => loop.stop())
    // The loop itself keeps no process alive.
    const alive = setInterval(() => {}, hour)
    t.teardown(() => clearInterval(alive))
  })
  t.match(errors, [{ message: 'pass 1' }, { message: 'pass 2' }])
})

t.test('stopping waits for the pass under way, and none follows', async (t) => {
  const { passes, pass } = held()
  const loop = createLoop(pass, 0, () => {})
  loop.start()
  loop.wake()
  let stopped = false
  const stopping = loop.stop().then(() => {
    stopped = true
  })
  await turn()
  t.notOk(stopped)
  passes[0]!.end()
  await stopping
  loop.wake()
  loop.start()
  await turn()
  t.equal(passes.length, 1)
})
