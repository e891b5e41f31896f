import { Command } from 'commander'
import t from 'tap'
import { addOperatorCommands } from '../../server/account/commands.ts'
import { eachEngine } from '../engines.ts'
import { makeTestDeps, now, openDb } from '../helper.ts'

eachEngine(t, 'operators are named on the command line', async (t, openEngine) => {
  const db = await openDb(t, await openEngine())
  const { config } = await makeTestDeps(db)
  const said: string[] = []
  const run = (...args: string[]) => {
    const program = new Command().exitOverride()
    addOperatorCommands(program, {
      readConfig: () => config,
      withDatabase: (_config, body) => body(db),
      clock: () => new Date(now),
      print: (text) => said.push(text),
    })
    return program.parseAsync(['operator', ...args], { from: 'user' })
  }
  await run('add', ' Odile@People.Example')
  await run('add', 'odile@people.example')
  t.match(said.splice(0), [/^odile@people\.example is an operator, and signs in at http:\/\/archipel\.example\/sign-in$/, /operator/])
  await run('list')
  t.same(said.splice(0), ['odile@people.example'])
  await t.rejects(run('add', 'odile'), /"odile" is not a mail address; expected/)
  await run('remove', 'odile@people.example')
  await t.rejects(run('remove', 'odile@people.example'), /is not an operator\./)
  said.splice(0)
  await run('list')
  t.same(said, [])
  t.match(await db.selectFrom('person').selectAll().execute(), [{ address: 'odile@people.example', operator: 0 }], 'the account stays')
})
