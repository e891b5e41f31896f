import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { isPublic } from '../../server/net/address.ts'
import { createOutbound } from '../../server/net/outbound.ts'
import type { FailureName } from '../../server/net/outcome.ts'
import { now, publicUrl } from '../helper.ts'

/** Addresses that nobody may make us ask, in as many notations as are known. */
const hostile: Record<string, FailureName> = {
  'http://127.0.0.1/': 'refused-address',
  'http://127.0.0.1./': 'refused-address',
  'http://127.1/': 'refused-address',
  'http://127.0.1/': 'refused-address',
  'http://0/': 'refused-address',
  'http://0.0.0.0/': 'refused-address',
  'http://2130706433/': 'refused-address',
  'http://0x7f000001/': 'refused-address',
  'http://0x7f.1/': 'refused-address',
  'http://0X7F.0X0.0X0.0X1/': 'refused-address',
  'http://017700000001/': 'refused-address',
  'http://0177.0.0.1/': 'refused-address',
  'http://0177.0x0.0.1/': 'refused-address',
  'http://127.0.0.256/': 'bad-url',
  'http://4294967296/': 'bad-url',
  'http://1.2.3.4.5/': 'bad-url',
  'http://１２７.０.０.１/': 'refused-address',
  'http://①②⑦.⓪.⓪.①/': 'refused-address',
  'http://127。0。0。1/': 'refused-address',
  'http://127%2e0%2e0%2e1/': 'refused-address',
  'http://%31%32%37.0.0.1/': 'refused-address',
  'http://\t127.0.\n0.1/': 'refused-address',
  'http:127.0.0.1/': 'refused-address',
  'http:\\\\127.0.0.1\\': 'refused-address',
  'http:///127.0.0.1/': 'refused-address',
  'http://10.0.0.1/': 'refused-address',
  'http://172.16.0.1/': 'refused-address',
  'http://192.168.1.1/': 'refused-address',
  'http://169.254.169.254/latest/meta-data/': 'refused-address',
  'http://2852039166/': 'refused-address',
  'http://100.100.100.200/': 'refused-address',
  'http://168.63.129.16/': 'refused-address',
  'http://192.0.0.192/': 'refused-address',
  'http://224.0.0.1/': 'refused-address',
  'http://255.255.255.255/': 'refused-address',
  'https://8.8.8.8/': 'refused-address',
  'https://[2606:4700::1111]/': 'refused-address',
  'http://[::1]/': 'refused-address',
  'http://[::]/': 'refused-address',
  'http://[0:0:0:0:0:0:0:1]/': 'refused-address',
  'http://[::ffff:127.0.0.1]/': 'refused-address',
  'http://[::ffff:7f00:1]/': 'refused-address',
  'http://[::127.0.0.1]/': 'refused-address',
  'http://[::ffff:0:127.0.0.1]/': 'refused-address',
  'http://[64:ff9b::7f00:1]/': 'refused-address',
  'http://[64:ff9b:1::a00:1]/': 'refused-address',
  'http://[2002:7f00:1::]/': 'refused-address',
  'http://[2001:0:7f00:1::]/': 'refused-address',
  'http://[fc00::1]/': 'refused-address',
  'http://[fd00:ec2::254]/': 'refused-address',
  'http://[fe80::1]/': 'refused-address',
  'http://[fe80::1%25eth0]/': 'bad-url',
  'http://[fe80::1%eth0]/': 'bad-url',
  'http://[ff02::1]/': 'refused-address',
  'http://[::1/': 'bad-url',
  'http://localhost/': 'refused-address',
  'http://LOCALHOST./': 'refused-address',
  'http://ｌｏｃａｌｈｏｓｔ/': 'refused-address',
  'http://loc\u00adalhost/': 'refused-address',
  'http://lvh.localhost/': 'refused-address',
  'http://printer.local/': 'refused-address',
  'http://metadata.google.internal/': 'refused-address',
  'http://metadata/': 'refused-address',
  'http://router.home.arpa/': 'refused-address',
  'http://abc.onion/': 'refused-address',
  'http://intranet.corp/': 'refused-address',
  'http://xn--/': 'refused-address',
  'http://peer.example:22/': 'refused-port',
  'http://peer.example:0/': 'refused-port',
  'https://peer.example:8443/': 'refused-port',
  'http://peer.example:70000/': 'bad-url',
  'http://user@peer.example/': 'refused-userinfo',
  'http://user:secret@peer.example/': 'refused-userinfo',
  'http://:secret@peer.example/': 'refused-userinfo',
  'http://peer.example@127.0.0.1/': 'refused-userinfo',
  'http://peer.example\\@127.0.0.1/': 'dns',
  'http://127.0.0.1#@peer.example/': 'refused-address',
  'file:///etc/passwd': 'refused-scheme',
  'ftp://peer.example/': 'refused-scheme',
  'gopher://peer.example:70/_': 'refused-scheme',
  'data:text/plain,a': 'refused-scheme',
  'javascript:alert(1)': 'refused-scheme',
  'blob:https://peer.example/a': 'refused-scheme',
  'unix:/var/run/docker.sock': 'refused-scheme',
  'ws://peer.example/': 'refused-scheme',
  'localhost:80': 'refused-scheme',
  'http://': 'bad-url',
  'https:///': 'bad-url',
  '//peer.example/': 'bad-url',
  '': 'bad-url',
  'peer.example': 'bad-url',
  'http://peer .example/': 'bad-url',
  [`http://peer.example/${'a'.repeat(5000)}`]: 'bad-url',
}

/** What a name server may answer, however public the name looks. */
const closed =
  '0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 168.63.129.16 172.16.0.1 172.31.255.255 192.0.0.8 ' +
  '192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.251 239.255.255.255 240.0.0.1 255.255.255.255 ' +
  ':: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1 ' +
  '2001:db8::1 2002:7f00:1:: 3fff::1 4000::1 5f00::1 fc00::1 fdff::1 fe80::1 fe80::1%lo fec0::1 ff02::1 2606:4700::1%lo 127.1 0x7f000001 example.org nothing'

const open =
  '1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 198.20.0.1 223.255.255.255 2606:4700::1111 2a00:1450::1'

t.test('what must not be asked is refused, each for its reason, and no socket is opened', async (t) => {
  const opened: unknown[] = []
  const count = (message: unknown) => opened.push(message)
  subscribe('net.client.socket', count)
  t.teardown(() => unsubscribe('net.client.socket', count))
  let answered: string[] = []
  const outbound = createOutbound({
    publicUrl,
    clock: () => new Date(now),
    resolve: async () => answered,
    limits: { pace: 0 },
  })
  t.teardown(() => outbound.close())

  t.ok(Object.keys(hostile).length >= 60)
  for (const [url, name] of Object.entries(hostile)) t.same(await outbound.fetch(url), { name, url }, url)
  for (const address of closed.split(' ')) {
    for (answered of [[address], ['8.8.8.8', address]]) {
      const outcome = await outbound.fetch('https://peer.example/')
      t.equal(outcome.name, 'refused-address', answered.join(' and '))
    }
  }
  answered = []
  t.match(await outbound.fetch('https://peer.example/'), { name: 'dns' })
  t.equal(opened.length, 0)
})

t.test('the internet at large is public', async (t) => {
  for (const address of open.split(' ')) t.equal(isPublic(address), true, address)
  for (const address of closed.split(' ')) t.equal(isPublic(address), false, address)
})
