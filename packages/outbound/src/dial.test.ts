import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dial } from './dial.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
import { createResolver } from './resolve-host.ts';
import { createSelfSignedCertificate, createTestAuthority } from './testing/certificates.ts';
import { type DnsAnswer, startTestDns, type TestDnsServer } from './testing/dns-server.ts';
import { type HostileReceiver, startHostileReceiver } from './testing/hostile-receiver.ts';
import { until } from './testing/until.ts';

const clock = { now: () => new Date() };
const authority = createTestAuthority();
const HOME = ['127.0.0.1'];
/** Long enough for a machine that stands still in between, since the messages say how far a request came. */
const HASTY_MS = 1_000;

let dns: TestDnsServer;
let names: Record<string, () => DnsAnswer>;
let client: Outbound;
const options = (): OutboundOptions => ({
  allowPrivate: true,
  timeoutMs: 10_000,
  userAgent: 'test/1',
  clock,
  ca: authority.ca,
  resolver: createResolver([dns.address]),
});
beforeAll(async () => {
  names = {};
  dns = await startTestDns((name) => names[name]?.() ?? 'nxdomain');
  client = createOutbound(options());
});
afterAll(async () => {
  await client.close();
  await dns.close();
});

const post = (url: string, through = client): Promise<ExchangeResult> =>
  through.post({ url, headers: {}, body: '{}' });

async function withReceiver(
  receiver: Promise<HostileReceiver>,
  work: (receiver: HostileReceiver) => Promise<void>,
): Promise<void> {
  const running = await receiver;
  try {
    await work(running);
  } finally {
    await running.close();
  }
}

describe('TLS', () => {
  test('a certificate of a trusted authority for the right name is accepted', async () => {
    names['good.test'] = () => HOME;
    await withReceiver(
      startHostileReceiver({ tls: authority.issue({ names: ['good.test'] }) }),
      async (receiver) => {
        const url = receiver.url('ok', { host: 'good.test' });
        expect(await post(url)).toMatchObject({ ok: true, status: 200 });
        expect(receiver.requests[0]?.headers.host).toBe(`good.test:${receiver.port}`);
      },
    );
  });

  test('an IP literal is held to the addresses of the certificate', async () => {
    await withReceiver(
      startHostileReceiver({ tls: authority.issue({ names: ['127.0.0.1'] }) }),
      async (receiver) => {
        expect(await post(receiver.url('ok'))).toMatchObject({ ok: true });
      },
    );
    await withReceiver(
      startHostileReceiver({ tls: authority.issue({ names: ['other.test'] }) }),
      async (receiver) => {
        expect(await post(receiver.url('ok'))).toMatchObject({ ok: false, phase: 'tls' });
      },
    );
  });

  test.each([
    ['self-signed', createSelfSignedCertificate(['bad.test']), 'The TLS certificate is self-signed.'],
    [
      'for another name',
      authority.issue({ names: ['other.test'] }),
      'The TLS certificate is for another host name.',
    ],
    ['expired', authority.issue({ names: ['bad.test'], expired: true }), 'The TLS certificate has expired.'],
    [
      'of a stranger’s authority',
      createTestAuthority().issue({ names: ['bad.test'] }),
      'that is not trusted',
    ],
  ])('a certificate that is %s is refused, and nothing is sent', async (_, tls, message) => {
    names['bad.test'] = () => HOME;
    await withReceiver(startHostileReceiver({ tls }), async (receiver) => {
      const result = await post(receiver.url('ok', { host: 'bad.test' }));
      expect(result).toMatchObject({ ok: false, phase: 'tls', message: expect.stringContaining(message) });
      expect(receiver.requests).toHaveLength(0);
    });
  });

  test.each([
    // A reset may come before the connection is even seen to be open.
    ['reset', /^(connect|tls)$/],
    ['garbage', /^tls$/],
  ] as const)('a server that answers the handshake with %s fails in phase %s', async (onConnect, phase) => {
    names['bad.test'] = () => HOME;
    const tls = authority.issue({ names: ['bad.test'] });
    await withReceiver(startHostileReceiver({ tls, onConnect }), async (receiver) => {
      expect(await post(receiver.url('ok', { host: 'bad.test' }))).toMatchObject({
        ok: false,
        phase: expect.stringMatching(phase),
      });
    });
  });

  test('a handshake that never ends runs into the deadline, and says where', async () => {
    names['bad.test'] = () => HOME;
    const hasty = createOutbound({ ...options(), timeoutMs: HASTY_MS });
    const tls = authority.issue({ names: ['bad.test'] });
    await withReceiver(startHostileReceiver({ tls, onConnect: 'silence' }), async (receiver) => {
      expect(await post(receiver.url('ok', { host: 'bad.test' }), hasty)).toMatchObject({
        phase: 'timeout',
        message: 'The TLS handshake did not end within 1 s.',
      });
      await until(() => receiver.open() === 0);
    });
    await hasty.close();
  });
});

describe('names', () => {
  test.each<[string, DnsAnswer, string]>([
    ['missing.test', 'nxdomain', 'The host name does not exist.'],
    ['broken.test', 'servfail', 'The name servers of the host name failed.'],
    ['empty.test', [], 'The host name has no address.'],
  ])('%s fails in phase dns', async (name, answer, message) => {
    names[name] = () => answer;
    expect(await post(`https://${name}:8443/`)).toMatchObject({ ok: false, phase: 'dns', message });
  });

  test('a name server that never answers runs into the same deadline', async () => {
    names['silent.test'] = () => 'silence';
    // Two tries of this length outlast the deadline, but not the test run.
    const resolver = createResolver([dns.address], HASTY_MS);
    const hasty = createOutbound({ ...options(), timeoutMs: HASTY_MS, resolver });
    expect(await post('https://silent.test:8443/', hasty)).toMatchObject({
      ok: false,
      phase: 'timeout',
      message: 'The host name could not be resolved within 1 s.',
    });
    await hasty.close();
  });

  test('one connection looks its name up once, and dials what it was told', async () => {
    const answers = [HOME, ['127.0.0.9']];
    let asked = 0;
    names['fickle.test'] = () => answers[Math.floor(asked++ / 2)] ?? ['127.0.0.9'];
    await withReceiver(startHostileReceiver(), async (receiver) => {
      expect(await post(receiver.url('ok', { host: 'fickle.test' }))).toMatchObject({ ok: true });
      // A resolver that gave up on another name may still be asking for that.
      expect(dns.queries.filter((query) => query.endsWith(' fickle.test')).sort()).toEqual([
        'A fickle.test',
        'AAAA fickle.test',
      ]);
    });
  });

  test('the next address is tried when the first does not listen', async () => {
    names['two.test'] = () => ['::1', '127.0.0.1'];
    await withReceiver(startHostileReceiver(), async (receiver) => {
      expect(await post(receiver.url('ok', { host: 'two.test' }))).toMatchObject({ ok: true });
    });
  });
});

describe('vetting', () => {
  const dialWith = (resolve: () => Promise<readonly string[]>, port: number): Promise<unknown> =>
    dial(
      { resolve, isAllowed: (address) => address === '127.0.0.1', timeoutMs: 5_000 },
      { protocol: 'http:', hostname: 'name.test', port },
      () => undefined,
    );

  test('an allowed address is dialled', async () => {
    await withReceiver(startHostileReceiver(), async (receiver) => {
      await dialWith(async () => HOME, receiver.port);
      expect(receiver.connections()).toBe(1);
    });
  });

  test.each([
    [['127.0.0.1', '127.0.0.2']],
    [['127.0.0.2', '127.0.0.1']],
    [['::1']],
    [['127.0.0.1', '::1']],
    [['nonsense']],
  ])('a name with a refused address is refused whole: %j', async (addresses) => {
    await withReceiver(startHostileReceiver({ host: '0.0.0.0' }), async (receiver) => {
      await expect(dialWith(async () => addresses, receiver.port)).rejects.toMatchObject({
        phase: 'blocked',
      });
      expect(receiver.connections()).toBe(0);
    });
  });

  test('an address that changes after vetting is not looked at again', async () => {
    let calls = 0;
    await withReceiver(startHostileReceiver(), async (receiver) => {
      await dialWith(async () => {
        calls += 1;
        return calls === 1 ? HOME : ['127.0.0.2'];
      }, receiver.port);
      expect(calls).toBe(1);
    });
  });
});
