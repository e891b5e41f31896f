import module from 'node:module'
import { join } from 'node:path'

// Kept to old JavaScript: an old Node must get far enough to say what is wrong with it.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`Archipel needs Node 22.18 or newer; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}

// Compiled code is kept between starts: they take half as long.
module.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'))

const { run } = await import('./cli.ts')
await run(process.argv.slice(2))
