import { vetTargetUrl } from '@agent-registry/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isPublicAddress } from './dial.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import { createResolver } from './resolve-host.ts';
import { type DnsAnswer, startTestDns, type TestDnsServer } from './testing/dns-server.ts';
import { type HostileReceiver, startHostileReceiver } from './testing/hostile-receiver.ts';

// PORT stands for the port on which the test listens, on all addresses of this machine.
const LITERALS = `
127.0.0.1 127.0.0.1. 127.1 127.0.1 127.1. 127.255.255.254 127.0.0.2 127.127.127.127 2130706433 2130706434
0x7f000001 0X7F000001 0x7f.1 0x7f.0x1 0x7f.0.0.1 0x7f.0.0.0x1 0x7f.0x00.0x00.0x01 0x7f.0x0.1 017700000001 0177.1
0177.0.0.1 0177.0.0.01 0177.0.1 00177.0.0.1 0000177.0000.0.1 127.0x0.0.01 127.00.00.01 127.000.000.001 0x0000007f.1
127.0.00.1 0177.0x0.0.1 %31%32%37.0.0.1 127%2e0%2e0%2e1 １２７.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.①
𝟏𝟐𝟕.𝟎.𝟎.𝟏 ⑫7.0.0.1 ０ｘ７ｆ.１ 0 0.0.0.0 00000000 0x0 0x00000000 000 0.0 0.0.0 0.0.0.1 10.0.0.1 012.0.0.1 0xa.0.0.1 167772161
10.255.255.255 172.16.0.1 172.31.255.255 2886729729 192.168.0.1 192.168.1 0xc0a80001 3232235521 0300.0250.0.1 169.254.169.254
169.254.43518 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.170.2 100.64.0.1 100.127.255.255 100.100.100.200 168.63.129.16
192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 0xffffffff 4294967295 037777777777
[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::] [0:0:0:0:0:0:0:0] [::0.0.0.1] [::0.0.0.0]
[::127.0.0.1] [::7f00:1] [::7F00:0001] [::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1] [::ffff:7f00:0001] [0:0:0:0:0:ffff:127.0.0.1]
[0:0:0:0:0:FFFF:7F00:1] [::ffff:0.0.0.0] [::ffff:0:0] [::ffff:10.0.0.1] [::ffff:192.168.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe]
[::ffff:0:127.0.0.1] [::ffff:0:7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [64:ff9b:1::1]
[2002:7f00:1::] [2002:7f00:1::1] [2002:a00:1::] [2002:a9fe:a9fe::1] [2001::1] [2001:0:7f00:1::] [2001:0:0:0:0:0:80ff:fffe] [2001:2::1]
[2001:10::1] [2001:20::1] [2001:db8::1] [3fff::1] [100::1] [fc00::1] [fd00::1] [fd12:3456:789a::1] [fd00:ec2::254] [fd20:ce::254] [fe80::1]
[fe80::a9fe:a9fe] [febf::1] [fec0::1] [feff::1] [ff00::1] [ff02::1] [ff0e::1] [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [5f00::1] [4000::1]
[fe80::1%25lo] [::1%25lo] [::1%lo] [::1]. [::ffff:127.1] [127.0.0.1]
`
  .trim()
  .split(/\s+/);

const NAMES = `
localhost LOCALHOST LocalHost localhost. localhost.. a.localhost localhost.localdomain ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ loca%6Chost lo­calhost
ip6-localhost ip6-loopback localhost6 broadcasthost metadata metadata.google.internal METADATA.GOOGLE.INTERNAL metadata.google.internal.
metadata.goog metadata.azure.internal instance-data instance-data.ec2.internal kubernetes kubernetes.default.svc.cluster.local host.docker.internal
redis db api printer.local x.internal gateway.lan router.home.arpa a.onion
loop.test loop.test. LOOP.TEST l𝕠op.test six.test mapped.test private.test linklocal.test zero.test metadata.test nat64.test both.test both6.test
`
  .trim()
  .split(/\s+/);

const ZONE: Record<string, DnsAnswer> = {
  'loop.test': ['127.0.0.1'],
  'six.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'private.test': ['10.0.0.1'],
  'linklocal.test': ['169.254.1.1'],
  'zero.test': ['0.0.0.0'],
  'metadata.test': ['169.254.169.254'],
  'nat64.test': ['64:ff9b::7f00:1'],
  // Public addresses beside a loopback one: had only the bad one been dropped, the test would dial out.
  'both.test': ['93.184.215.14', '127.0.0.1'],
  'both6.test': ['2606:4700:4700::1111', '127.0.0.1'],
};

const SHAPES = [
  'https://user@127.0.0.1:PORT/',
  'https://user:pass@loop.test:PORT/',
  'https://example.com@127.0.0.1:PORT/',
  'https://example.com:443@127.0.0.1:PORT/',
  'https://127.0.0.1:PORT#@example.com/',
  'https://127.0.0.1:PORT?@example.com/',
  'https://127.0.0.1:PORT\\@example.com/',
  'https://example.com\\@127.0.0.1:PORT/',
  'https:\\\\127.0.0.1:PORT/',
  'https:127.0.0.1:PORT/',
  'https:///127.0.0.1:PORT/',
  'https:/127.0.0.1:PORT/',
  '//127.0.0.1:PORT/',
  '\thttps://127.0.0.1:PORT/',
  'https://127.0.0.1\t:PORT/',
  'ht\ntps://127.0.0.1:PORT/',
  'https://127.0.0.1 :PORT/',
  'HTTPS://127.0.0.1:PORT/',
  'http://127.0.0.1:PORT/',
  'http://loop.test:PORT/',
  'ftp://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/_x',
  'ws://127.0.0.1:PORT/',
  'file://127.0.0.1/etc/passwd',
  'https://127.0.0.1:22/',
  'https://loop.test:80/',
  'https://loop.test:0/',
  'https://loop.test:65536/',
  'https://[::1]:PORT:PORT/',
  'https://[::1/',
];

let receivers: HostileReceiver[];
let dns: TestDnsServer;
let client: Outbound;
let fickle: DnsAnswer[];
beforeAll(async () => {
  receivers = [await startHostileReceiver({ host: '::' })];
  fickle = [];
  dns = await startTestDns((name) => (name === 'fickle.test' ? fickle[0] : ZONE[name]) ?? 'nxdomain');
  const clock = { now: () => new Date() };
  client = createOutbound({
    allowPrivate: false,
    timeoutMs: 10_000,
    userAgent: 'test/1',
    clock,
    resolver: createResolver([dns.address]),
  });
});
afterAll(async () => {
  await client.close();
  await dns.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

const port = (): number => receivers[0]?.port ?? 0;
const post = (url: string): Promise<ExchangeResult> => client.post({ url, headers: {}, body: '{}' });

async function expectUnreached(url: string): Promise<ExchangeResult> {
  const before = port();
  const result = await post(url.replaceAll('PORT', String(before)));
  expect(result.ok).toBe(false);
  expect(receivers[0]?.connections()).toBe(0);
  return result;
}

describe('nothing on this machine or its networks is reached', () => {
  test('the table has at least 150 spellings', () => {
    expect(new Set([...LITERALS, ...NAMES, ...SHAPES]).size).toBeGreaterThanOrEqual(150);
  });

  test.each(LITERALS)('the address %s is not reached', async (host) => {
    expect(await expectUnreached(`https://${host}:PORT/`)).toMatchObject({ phase: 'blocked' });
  });

  test.each(NAMES)('the name %s is not reached', async (host) => {
    expect(await expectUnreached(`https://${host}:PORT/`)).toMatchObject({ phase: 'blocked' });
  });

  test.each(SHAPES)('the URL %j is not reached', async (url) => {
    expect(await expectUnreached(url)).toMatchObject({ phase: 'blocked' });
  });

  test('a name that was public when it was registered and is loopback when it is dialled', async () => {
    fickle = [['93.184.215.14']];
    expect(vetTargetUrl(`https://fickle.test:${port()}/`, { allowPrivate: false }).ok).toBe(true);
    expect((await createResolver([dns.address])('fickle.test')).every(isPublicAddress)).toBe(true);
    fickle = [['127.0.0.1']];
    expect(await expectUnreached('https://fickle.test:PORT/')).toMatchObject({ phase: 'blocked' });
  });

  test('a refusal names neither the address nor its kind', async () => {
    const result = await expectUnreached('https://private.test:PORT/');
    expect(result).toMatchObject({
      message: 'The host name resolves to an address that is not a public one.',
    });
  });
});
