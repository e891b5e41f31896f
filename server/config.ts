import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface Config {
  host: string
  /** 0 lets the system choose. */
  port: number
  /** Scheme and authority, nothing after: `https://groups.example.org`. */
  publicUrl: string
  /** Absolute path. */
  dataDir: string
  /** `postgres://…`; undefined means SQLite in `dataDir`. */
  databaseUrl?: string
  /** Undefined means: make one and keep it (`keepSecret`). */
  secret?: string
  logLevel: string
  defaultLocale: 'fr' | 'en'
  development: boolean
  /** `https://tiles.example.org/{z}/{x}/{y}.png`; undefined means our own base map. */
  tilesUrl?: string
  /** Who made the tiles, as plain text. */
  tilesAttribution?: string
  /** `smtp://` or `smtps://`; undefined means that mails are written to `outbox` in `dataDir`. */
  smtpUrl?: string
  /** `me@example.org` or `Name <me@example.org>`. */
  mailFrom?: string
  /** Sample content for trying out, by the command that serves it: mails may be read by everyone. */
  demo?: boolean
}

export interface Setting {
  name: string
  key: keyof Config
  /** What is used when nothing is set, as the README says it. */
  default: string
  /** What is accepted, as the README and the error say it. */
  help: string
  /** The value to use, or undefined when the text is not acceptable. */
  read: (text: string) => string | number | boolean | undefined
  /** Never repeated in an error; may also come from the file that NAME_FILE names. */
  secret?: boolean
}

/** A setting that cannot be used; the message is one sentence for the operator. */
export class ConfigError extends Error {}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

export const settings: Setting[] = [
  { name: 'HOST', key: 'host', default: '127.0.0.1', help: 'an IP address or a host name to listen on', read: readHost },
  { name: 'PORT', key: 'port', default: '3000', help: 'a whole number from 0 to 65535 (0: the system chooses)', read: readPort },
  { name: 'PUBLIC_URL', key: 'publicUrl', default: 'http://HOST:PORT', help: 'an http or https address without a path', read: readOrigin },
  { name: 'DATA_DIR', key: 'dataDir', default: './data', help: 'a folder for the database, the secret and the pictures', read: readFolder },
  {
    name: 'DATABASE_URL',
    key: 'databaseUrl',
    default: 'SQLite in DATA_DIR',
    help: 'postgres://… or postgresql://…',
    read: readDatabase,
    secret: true,
  },
  {
    name: 'SECRET',
    key: 'secret',
    default: 'made once and kept in DATA_DIR',
    help: 'at least 32 characters',
    read: (text) => (text.length >= 32 ? text : undefined),
    secret: true,
  },
  { name: 'LOG_LEVEL', key: 'logLevel', default: 'info', help: logLevels.join(', '), read: (text) => among(logLevels, text) },
  { name: 'DEFAULT_LOCALE', key: 'defaultLocale', default: 'fr', help: 'fr or en', read: (text) => among(['fr', 'en'], text) },
  {
    name: 'TILES_URL',
    key: 'tilesUrl',
    default: 'our own base map',
    help: 'an http or https address of map tiles with {z}, {x} and {y} in its path',
    read: readTiles,
  },
  {
    name: 'TILES_ATTRIBUTION',
    key: 'tilesAttribution',
    default: 'none',
    help: 'plain text, at most 300 characters',
    read: (text) => (text.length <= 300 ? text : undefined),
  },
  {
    name: 'SMTP_URL',
    key: 'smtpUrl',
    default: 'mails are written to DATA_DIR/outbox',
    help: 'smtp://user:password@host:port or smtps://…',
    read: readSmtp,
    secret: true,
  },
  {
    name: 'MAIL_FROM',
    key: 'mailFrom',
    default: 'archipel at the host of PUBLIC_URL',
    help: 'me@example.org or Name <me@example.org>',
    read: readSender,
  },
  {
    name: 'NODE_ENV',
    key: 'development',
    default: 'production',
    help: 'development (reload, /patterns), production or test',
    read: (text) => (among(['development', 'production', 'test'], text) ? text === 'development' : undefined),
  },
]

/** Reads the settings; an empty one counts as not set. Throws `ConfigError`. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const read = settings.map((setting) => [setting.key, readSetting(setting, env)] as const)
  const given: Partial<Config> = Object.fromEntries(read.filter(([, value]) => value !== undefined))
  const { host = '127.0.0.1', port = 3000 } = given
  const publicUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return { host, port, publicUrl, dataDir: resolve('data'), logLevel: 'info', defaultLocale: 'fr', development: false, ...given }
}

/** The secret of this installation, in hexadecimal: made at the first call, kept in `dataDir`/secret, readable by its owner alone. */
export function keepSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  makeFolder(dataDir)
  const secret = (readIfThere(file) ?? makeSecret(file)).trim()
  if (secret.length < 32) throw new ConfigError(`The secret kept in ${file} is too short; delete the file to have another one made.`)
  return secret
}

/** Makes DATA_DIR and the folders above it where they are missing. Node's own recursive mkdir never ends under /proc. */
export function makeFolder(dir: string): void {
  if (existsSync(dir)) return
  makeFolder(dirname(dir))
  try {
    mkdirSync(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new ConfigError(`The folder ${dir} cannot be made; set DATA_DIR to one that can.`)
  }
}

function readSetting(setting: Setting, env: Record<string, string | undefined>): string | number | boolean | undefined {
  const text = setting.secret ? readSecretText(setting.name, env) : env[setting.name]
  if (text === undefined || text === '') return undefined
  const value = setting.read(text)
  if (value !== undefined) return value
  const said = setting.secret ? 'is not usable' : `cannot be ${JSON.stringify(text.slice(0, 100))}`
  throw new ConfigError(`${setting.name} ${said}; accepted: ${setting.help}.`)
}

function readSecretText(name: string, env: Record<string, string | undefined>): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file) return env[name]
  if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set; keep one of them.`)
  const text = readIfThere(file, `${name}_FILE names ${file}, which cannot be read; give a file that this process may read.`)
  if (text === undefined) throw new ConfigError(`${name}_FILE names ${file}, which does not exist.`)
  if (text.trim() === '') throw new ConfigError(`${name}_FILE names ${file}, which is empty; expected in it: the value of ${name}.`)
  return text.trim()
}

function readIfThere(file: string, refusal = `${file} cannot be read; check its owner and its rights.`): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(refusal)
  }
}

function makeSecret(file: string): string {
  const secret = randomBytes(32).toString('hex')
  try {
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  } catch (error) {
    // Another process that started at the same moment was first: both use its secret.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFileSync(file, 'utf8')
    throw new ConfigError(`${file} cannot be written; check the rights of DATA_DIR.`)
  }
}

function readHost(text: string): string | undefined {
  return /^([A-Za-z0-9.-]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\w+)?)$/.test(text) ? text : undefined
}

function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined
}

function readOrigin(text: string): string | undefined {
  return /^https?:\/\/[^\s/?#@\\]+$/i.test(text) ? URL.parse(text)?.origin : undefined
}

function readFolder(text: string): string | undefined {
  return text.includes('\0') ? undefined : resolve(text)
}

function readDatabase(text: string): string | undefined {
  return /^postgres(ql)?:\/\/\S+$/.test(text) ? text : undefined
}

function readTiles(text: string): string | undefined {
  const path = /^https?:\/\/[^\s/?#@\\{};,']+(\/\S*)$/i.exec(text)?.[1] ?? ''
  return ['{z}', '{x}', '{y}'].every((part) => path.includes(part)) && URL.canParse(text) ? text : undefined
}

function readSmtp(text: string): string | undefined {
  const url = /^smtps?:\/\/\S+$/i.test(text) ? URL.parse(text) : null
  const isServer = url?.hostname && ['', '/'].includes(url.pathname) && /^(\?tls=optional)?$/.test(url.search) && !url.hash
  return isServer && [url.username, url.password].every(isDecodable) ? text : undefined
}

function readSender(text: string): string | undefined {
  const [, , named] = /^([^<>"@\p{Cc}]{1,100}) <([^<>]+)>$/u.exec(text) ?? []
  return /^[^\s<>"@,;\p{Cc}]+@[^\s<>"@,;\p{Cc}]+$/u.test(named ?? text) ? text : undefined
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function among(accepted: string[], text: string): string | undefined {
  return accepted.includes(text) ? text : undefined
}
