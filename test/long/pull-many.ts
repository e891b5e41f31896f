import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/db/migrate.ts'
import { openDatabase } from '../../server/db/open.ts'
import { addSource } from '../../server/federation/follow/add-source.ts'
import { pullDue } from '../../server/federation/follow/pull.ts'
import { createOutbound } from '../../server/net/outbound.ts'

/** A process that follows `count` servers on loopback, and says what it took: copies, seconds, megabytes at most. */
const [port, count] = process.argv.slice(2).map(Number) as [number, number]
const publicUrl = 'http://here.example'
const clock = () => new Date()
const policy = { ports: [port], allow: (address: string, asked: number) => address === '127.0.0.1' && asked === port }
const outbound = createOutbound({ publicUrl, clock, policy, resolve: async () => ['127.0.0.1'], limits: { pace: 0 } })
const dataDir = mkdtempSync(join(tmpdir(), 'archipel-follow-'))
const db = openDatabase({ dataDir })
try {
  await migrate(db)
  const deps = { db, outbound, clock, random: Math.random, config: { publicUrl }, warn: (facts: object) => console.error(facts) }
  for (let at = 0; at < count; at++) await addSource(deps, `http://many${at}.example:${port}/changes`, { trust: 'automatic' })
  const started = performance.now()
  const reports = await pullDue(deps)
  const copies = reports.reduce((sum, { counts }) => sum + counts.added, 0)
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ copies, seconds: Math.round((performance.now() - started) / 1000), megabytes }))
} finally {
  await outbound.close()
  await db.destroy()
  rmSync(dataDir, { recursive: true, force: true })
}
