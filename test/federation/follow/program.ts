import module from 'node:module'
import { join } from 'node:path'

/** The program as people start it, but for one thing: it may ask these ports of this machine. */
const [ports, ...args] = process.argv.slice(2)
const allowed = ports!.split(',').map(Number)
module.enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/compiled'))
const { run } = await import('../../../server/cli.ts')
await run(args, { ports: allowed, allow: (address, port) => /^127\.0\.0\.[12]$/.test(address) && allowed.includes(port) })
