import { openDatabase } from './server/db/open.ts'
import { createCatalogue } from './server/catalogue/catalogue.ts'
import { neighboursOf } from './server/catalogue/neighbours.ts'
import { readConfig } from './server/config.ts'
const config=readConfig({DATA_DIR:'/tmp/p/i100d'}); const db=openDatabase(config); const cat=createCatalogue(config); const st=await cat.current(db); const s=st.snapshot
// group weighted
const ts=[]; for(let i=0;i<4000;i++){const slot=(i*7919)%s.size; const t=performance.now(); neighboursOf(s,slot); ts.push(performance.now()-t)} 
const tail=ts.slice(2000).sort((a,b)=>a-b); console.log('p50',tail[1000].toFixed(3),'p95',tail[1900].toFixed(3),'max',tail.at(-1).toFixed(3))
await db.destroy()
