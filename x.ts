import { openDatabase } from './server/db/open.ts'
import { migrate } from './server/db/migrate.ts'
import { loadDemo } from './server/demo/load.ts'
import { createCatalogue } from './server/catalogue/catalogue.ts'
import { listGroups } from './server/group/list.ts'
import { readSearch } from './server/group/query.ts'
import { describeReport } from './server/transfer/report.ts'
import { importSource } from './server/transfer/import-source.ts'
import { readOsmCommunityIndex } from './server/transfer/osm/community-index.ts'
import { readFileSync, rmSync } from 'node:fs'
rmSync('/tmp/mm',{recursive:true,force:true})
const db = openDatabase({dataDir:'/tmp/mm'})
await migrate(db)
console.time('demo'); const r = await loadDemo(db, new Date().toISOString()); console.timeEnd('demo')
console.log(r.groups, describeReport(r.imported))
const r2 = await loadDemo(db, new Date().toISOString()); console.log(r2.groups, describeReport(r2.imported))
console.log(describeReport(await importSource(db, {source:'osm-community-index', ...readOsmCommunityIndex(JSON.parse(readFileSync('../shared/data/osm-community-index-6.2.0.json','utf8'))), at: new Date().toISOString()})))
const catalogue = createCatalogue()
for (const q of [{q:'élections'},{q:'cooperatif'},{q:'bénévolat'},{q:"l'éner"},{q:'東京'},{q:'openstreetmap senegal'},{near:'44.84,-0.58',sort:'distance'},{keyword:['openstreetmap'],size:5}] as any[]) {
  console.time('q'); const l = await listGroups({db,catalogue}, readSearch(q)); console.timeEnd('q')
  console.log(q, l.selection.slots.length, l.selection.omitted, l.rows.slice(0,5).map(r=>r.name), l.selection.counts.keyword.slice(0,3), l.selection.counts.activity)
}
await db.destroy()
