import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commands } from '../server/cli.ts'
import { settings } from '../server/config.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const pack = JSON.parse(read('package.json')) as { dependencies: object; devDependencies: object; optionalDependencies: object; scripts: object }

t.test('the README says every setting and every command, and no other', async (t) => {
  const rows = read('README.md').match(/^\| `[^`]+` \|.*$/gm) ?? []
  const names = rows.map((row) => row.match(/`([^`]+)`/)![1]!)
  const known = [...settings.map(({ name }) => name), ...commands().commands.map((command) => command.name())]
  t.same(names.toSorted(), known.toSorted())
  for (const setting of settings.filter(({ secret }) => secret)) t.match(read('README.md'), `\`${setting.name}_FILE\``)
})

t.test('every command explains itself', async (t) => {
  for (const command of commands().commands) t.ok(command.description().length > 20, command.name())
})

t.test('the commands that the README and CONTRIBUTING name exist', async (t) => {
  for (const file of ['README.md', 'CONTRIBUTING.md'])
    for (const [, script] of read(file).matchAll(/npm run ([a-z:]+)/g)) t.ok(script! in pack.scripts, `${file}: npm run ${script}`)
})

t.test('CONTRIBUTING says why each dependency is there', async (t) => {
  const text = read('CONTRIBUTING.md')
  for (const name of Object.keys({ ...pack.dependencies, ...pack.optionalDependencies, ...pack.devDependencies }))
    if (!name.startsWith('@types/')) t.ok(text.includes(name), name)
})

t.test('the README starts from what .ci/run runs', async (t) => {
  t.match(read('README.md'), 'npm ci && npm test')
  t.match(read('.ci/run'), 'npm ci')
})
