import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { ConfigError, keepSecret, makeFolder, readConfig, settings } from '../server/config.ts'

function refusal(env: Record<string, string>): Error {
  try {
    readConfig(env)
  } catch (error) {
    return error as Error
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`)
}

t.test('nothing set gives the defaults', async (t) => {
  t.same(readConfig({ PORT: '' }), {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    dataDir: resolve('data'),
    logLevel: 'info',
    defaultLocale: 'fr',
    development: false,
  })
})

t.test('every setting is read', async (t) => {
  const config = readConfig({
    HOST: '::1',
    PORT: '0',
    DATA_DIR: '/srv/archipel',
    DATABASE_URL: 'postgres://me:pass@db/archipel',
    SECRET: 'x'.repeat(32),
    LOG_LEVEL: 'silent',
    DEFAULT_LOCALE: 'en',
    TILES_URL: 'https://tiles.example.org/{z}/{x}/{y}.png?key=1',
    TILES_ATTRIBUTION: '© Tiles',
    SMTP_URL: 'smtps://me%40example.org:p%2Fss@mail.example.org:465',
    MAIL_FROM: 'Les îles, d’ici <iles@example.org>',
    NODE_ENV: 'development',
  })
  t.match(config, {
    tilesUrl: 'https://tiles.example.org/{z}/{x}/{y}.png?key=1',
    tilesAttribution: '© Tiles',
    smtpUrl: 'smtps://me%40example.org:p%2Fss@mail.example.org:465',
    mailFrom: 'Les îles, d’ici <iles@example.org>',
    host: '::1',
    port: 0,
    publicUrl: 'http://[::1]:0',
    dataDir: '/srv/archipel',
    logLevel: 'silent',
    defaultLocale: 'en',
    development: true,
  })
  t.equal(config.databaseUrl, 'postgres://me:pass@db/archipel')
  t.equal(config.secret, 'x'.repeat(32))
  t.equal(readConfig({ PUBLIC_URL: 'HTTPS://Groups.example.org:443' }).publicUrl, 'https://groups.example.org')
})

t.test('a wrong value is refused in one sentence that names the setting', async (t) => {
  const wrong: Record<string, string[]> = {
    HOST: ['a b', 'http://x', '1.2.3.4/8'],
    PORT: ['80a', '-1', '65536', '3000.5', '1e3'],
    PUBLIC_URL: ['https://x.org/', 'https://x.org/path', 'x.org', 'ftp://x.org', 'https://me@x.org', 'https://x.org?a', 'https://'],
    DATA_DIR: ['a\0b'],
    DATABASE_URL: ['mysql://hunter2@x/y', 'sqlite.db', 'postgres:', 'postgres://a b'],
    SECRET: ['hunter2'],
    LOG_LEVEL: ['loud', 'INFO'],
    DEFAULT_LOCALE: ['de'],
    TILES_URL: [
      'https://x.org/tiles',
      'https://x.org/{z}/{x}.png',
      'ftp://x.org/{z}/{x}/{y}',
      'https://{s}.x.org/{z}/{x}/{y}',
      "https://x.org;script-src 'self'/{z}/{x}/{y}",
    ],
    TILES_ATTRIBUTION: ['x'.repeat(301)],
    SMTP_URL: ['mail.example.org', 'http://hunter2@x', 'smtp://', 'smtp://x/path', 'smtp://x?tls=no', 'smtp://a%zz:b@x', 'smtp://a b'],
    MAIL_FROM: ['hunter', 'a@b@c', 'a@b, c@d', 'A <a@b', '<a@b>', 'A <a@b>\r\nBcc: c@d', 'a\r\n@b', '"A" <a@b>', 'A <a b@c>'],
    NODE_ENV: ['staging'],
  }
  t.same(Object.keys(wrong).sort(), settings.map(({ name }) => name).sort())
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const error = refusal({ [name]: value })
      t.ok(error instanceof ConfigError, `${name}=${JSON.stringify(value)}`)
      t.match(error.message, new RegExp(`^${name} .*\\.$`))
      t.notMatch(error.message, /hunter2|\n/)
    }
  }
})

t.test('secrets may come from files', async (t) => {
  const dir = t.testdir()
  const file = join(dir, 'secret')
  writeFileSync(file, `${'s'.repeat(40)}\n`)
  t.equal(readConfig({ SECRET_FILE: file }).secret, 's'.repeat(40))
  t.throws(() => readConfig({ SECRET_FILE: file, SECRET: 'x'.repeat(32) }), /SECRET and SECRET_FILE are both set/)
  t.throws(() => readConfig({ DATABASE_URL_FILE: join(dir, 'nowhere') }), /DATABASE_URL_FILE names .*, which does not exist\.$/)
  t.throws(() => readConfig({ DATABASE_URL_FILE: dir }), /cannot be read/)
  writeFileSync(file, 'hunter2')
  const error = refusal({ SECRET_FILE: file })
  t.match(error.message, /^SECRET is not usable/)
  t.notMatch(error.message, /hunter2/)
})

t.test('the secret is made once and kept', async (t) => {
  const dir = join(t.testdir(), 'deep', 'er')
  const secret = keepSecret(dir)
  t.match(secret, /^[0-9a-f]{64}$/)
  t.equal(statSync(join(dir, 'secret')).mode & 0o777, 0o600)
  t.equal(keepSecret(dir), secret)
  t.equal(readFileSync(join(dir, 'secret'), 'utf8'), `${secret}\n`)
  writeFileSync(join(dir, 'secret'), '')
  t.throws(() => keepSecret(dir), /too short/)
})

t.test('a folder that cannot be made is said, not waited for', async (t) => {
  t.throws(() => makeFolder('/proc/nowhere/deep'), { name: 'Error', message: /DATA_DIR/ })
  const dir = `${t.testdir()}/a/b`
  makeFolder(dir)
  makeFolder(dir)
  t.ok(existsSync(dir))
})
