import { dirname, join } from 'node:path/posix'

/** A source file: `path` from the repository's root. */
export type Source = { path: string; text: string }

type Import = { from: string; isType: boolean }
type Edge = { room: string; next: string; told: string }
type Rule = {
  why: string
  in: RegExp
  except?: RegExp
  /** Matched against the text without comments. */
  text?: RegExp
  /** Matched against what is imported: a package's name, or the path of one of our files. Types do not count. */
  imports?: RegExp
}

const network = /^(node:(http|https|http2|net|tls|dgram|dns|inspector|quic)(\/.*)?|undici(\/.*)?|ws)$/
const io = /^(node:(fs|child_process|worker_threads|cluster|http|https|http2|net|tls|dgram|dns)(\/.*)?|undici|pg|better-sqlite3|kysely)$/
const speaksSql = /^migrations\/|^server\/db\/|\/queries\.ts$/

/** Who may import whom, and who may touch what. The first five sentences of the architecture, in a form that fails. */
export const rules: Rule[] = [
  { why: 'only queries.ts, db/ and migrations/ speak SQL', in: /./, except: speaksSql, imports: /^kysely/ },
  {
    why: 'only queries.ts, db/ and migrations/ ask the database',
    in: /./,
    except: speaksSql,
    text: /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto|selectNoFrom|executeQuery)\(/,
  },
  { why: 'only db/ knows the engines', in: /./, except: /^server\/db\//, imports: /^(pg|better-sqlite3)$/ },
  {
    why: 'only config, main and cli read the environment',
    in: /./,
    except: /^server\/(config|main|cli)\.ts$|^server\/cli\//,
    text: /\bprocess\.env\b/,
  },
  {
    why: 'only config, main and cli read the clock; elsewhere it is an argument',
    in: /./,
    except: /^server\/(config|main|cli)\.ts$|^server\/cli\//,
    text: /\bnew Date\(\s*\)|\bDate\.now\b/,
  },
  // The database and the mail server are the operator's own addresses: pg is kept to db/ above, nodemailer to one file below.
  { why: 'only net/ opens a socket outward', in: /./, except: /^server\/net\//, imports: network },
  { why: 'only net/ fetches', in: /./, except: /^server\/net\//, text: /(?<![.\w'"`-])fetch\b(?=\s*([(),;]|$))|\bglobalThis\.fetch\b/m },
  {
    why: 'only net/ goes out, by whatever door (createRequire is for words kept as JSON)',
    in: /./,
    except: /^server\/(net\/|text\/format\.ts$|\w+\/build\/)/,
    text: /\b(WebSocket|WebSocketStream|EventSource|XMLHttpRequest|getBuiltinModule|createRequire)\b/,
  },
  { why: 'only the mail transport speaks SMTP', in: /./, except: /^server\/mail\/transport\.ts$/, imports: /^nodemailer/ },
  { why: 'only build/ starts another program', in: /./, except: /^server\/\w+\/build\//, imports: /^node:(child_process|cluster)$/ },
  { why: 'rules and text do no I/O', in: /\/rules\.ts$|^server\/text\//, except: /^server\/text\/translate\.ts$/, imports: io },
  {
    why: 'rules and text stand below everything that does I/O',
    in: /\/rules\.ts$|^server\/text\//,
    imports: /^server\/(db|http|net|jobs)\/|\/(queries|actions|pages|api|form)\.ts$/,
  },
  {
    why: 'what is shown is made from what was read, not by reading',
    in: /\/(present|view)[^/]*\.ts$/,
    except: /^server\/http\//,
    imports: /^server\/(db|http|net|jobs)\/|\/(queries|actions|pages|api|form)\.ts$/,
  },
  { why: 'queries know db/ alone', in: /\/queries\.ts$/, imports: /^server\/(?!db\/)|^node:/ },
  {
    why: 'actions know nothing of HTTP or of views',
    in: /\/actions\.ts$/,
    imports: /^server\/http\/|^fastify|\/(pages|api|form|present|view)[^/]*\.ts$/,
  },
  { why: 'pages, api and form ask queries and actions, not the database', in: /\/(pages|api|form)\.ts$/, imports: /^server\/db\// },
  {
    why: 'only actions open a transaction (the importer and the demo are actions by another name)',
    in: /./,
    except: /^server\/(db|jobs)\/|\/actions\.ts$|^server\/transfer\/import-source\.ts$|^server\/demo\//,
    text: /(?<![\w])transaction\(/,
  },
  { why: 'app registers plugins, pages and api by name', in: /^server\/app\.ts$/, imports: /\/(queries|actions|rules|present)\.ts$/ },
  { why: 'a migration is frozen: it knows kysely alone', in: /^migrations\//, imports: /^(?!kysely|migrations\/)/ },
  { why: 'the product does not know its tests', in: /./, imports: /^test\// },
]

/** Every breach in the product's files, one readable line each: rules, packages that are no dependency of ours, cycles between rooms. */
export function violations(files: Source[], dependencies: string[]): string[] {
  return [...files.flatMap(breaches), ...files.flatMap((file) => strangers(file, dependencies)), ...cycles(files)].sort()
}

/** What is longer than it should be: files over 200 lines, top-level functions over 40. For reading, not for failing. */
export function overBudget(files: Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const functions = [...text.matchAll(/^(?:export )?(?:async )?function\*? (\w+)[\s\S]*?^}/gm)]
      .map(([body, name]) => ({ name, lines: body.split('\n').length }))
      .filter((one) => one.lines > 40)
    return [...(lines > 200 ? [`${path}: ${lines} lines`] : []), ...functions.map((one) => `${path} ${one.name}: ${one.lines} lines`)]
  })
}

function breaches(file: Source): string[] {
  const code = withoutComments(file.text)
  const imports = valueImports(file)
  return rules
    .filter((rule) => rule.in.test(file.path) && !rule.except?.test(file.path))
    .flatMap(({ why, text, imports: forbidden }) => [
      ...(text ? (code.match(text)?.slice(0, 1) ?? []) : []).map((found) => `${file.path}: ${found.trim()} (${why})`),
      ...(forbidden ? imports.filter((from) => forbidden.test(from)) : []).map((from) => `${file.path} imports ${from} (${why})`),
    ])
}

function strangers(file: Source, dependencies: string[]): string[] {
  // What only makes the files that are committed is not run where the site runs.
  if (/^server\/\w+\/build\//.test(file.path)) return []
  return valueImports(file)
    .filter((from) => !/^(node:|server\/|migrations\/|schemas\/|test\/|package\.json$)/.test(from))
    .filter((from) => !dependencies.some((name) => from === name || from.startsWith(`${name}/`)))
    .map((from) => `${file.path} imports ${from} (not among the dependencies in package.json)`)
}

/** Rooms are the folders of server/. Each cycle is told once, from its first room in the alphabet, with one import for each step. */
function cycles(files: Source[]): string[] {
  const edges = roomEdges(files)
  const walk = (trail: Edge[]): string[] =>
    edges
      .filter((edge) => edge.room === trail.at(-1)!.next)
      .flatMap((edge) => {
        const longer = [...trail, edge]
        if (edge.next === trail[0]!.room) return [`${longer.map((step) => step.told).join(', ')} (no cycles between rooms)`]
        return edge.next < trail[0]!.room || trail.some((step) => step.room === edge.next) ? [] : walk(longer)
      })
  return edges.filter((edge) => edge.room < edge.next).flatMap((edge) => walk([edge]))
}

function roomEdges(files: Source[]): Edge[] {
  const edges = new Map<string, Edge>()
  for (const { file, from } of files.flatMap((file) => valueImports(file).map((from) => ({ file, from })))) {
    const room = roomOf(file.path)
    const next = roomOf(from)
    const key = `${room} ${next}`
    if (room && next && room !== next && !edges.has(key)) edges.set(key, { room, next, told: `${file.path} imports ${from}` })
  }
  return [...edges.values()]
}

function roomOf(path: string): string | undefined {
  return /^server\/([^/]+)\//.exec(path)?.[1]
}

function valueImports(file: Source): string[] {
  return importsOf(file)
    .filter((one) => !one.isType)
    .map((one) => one.from)
}

function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text)
  const named = /^(?:import|export)\s([^'"`;=]*?)\sfrom\s+['"]([^'"]+)['"]/gm
  const bare = /^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [
    ...[...code.matchAll(named)].map(([, names, from]) => ({ from: from!, isType: isTypeOnly(names!) })),
    ...[...code.matchAll(bare)].map(([, first, second]) => ({ from: (first ?? second)!, isType: false })),
  ].map(({ from, isType }) => ({ from: from.startsWith('.') ? join(dirname(path), from) : from, isType }))
}

function isTypeOnly(names: string): boolean {
  const list = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]
  return /^type\s/.test(names) || (list?.split(',').every((name) => /^\s*(type\s|$)/.test(name)) ?? false)
}

/** Only what a line starts with or has after a space is taken for a comment: `https://` in a text is none. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
