import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { vetTargetUrl } from './address-class-url.ts';

const vet = (url: string, allowPrivate = false): boolean => vetTargetUrl(url, { allowPrivate }).ok;

const ACCEPTED = [
  'https://example.com',
  'https://example.com/',
  'https://example.com/hook?a=1#x',
  'HTTPS://EXAMPLE.COM/',
  'https://example.com:443/',
  'https://example.com:1024/',
  'https://example.com:65535/',
  'https://a_b.example.com/',
  'https://xn--bcher-kva.example/',
  'https://bücher.example/',
  'https://1.1.1.1/',
  'https://134744072/',
  'https://0x08080808/',
  'https://8.8.8.8:8443/',
  'https://[2606:4700:4700::1111]/',
  'https://localhost.example.com/',
  'https://127.0.0.1.example.com/',
  'https://my-internal.example.com/',
];

/** Of `https://HOST/`. */
const REFUSED_HOSTS = `
localhost LOCALHOST localhost. a.localhost ⓛⓞcalhost localhost.localdomain intranet api printer.local
x.internal router.lan a.home.arpa metadata.google.internal metadata metadata.goog instance-data a.onion
example.com. example..com .example.com -a.example.com a-.example.com exa!mple.com exa*mple.com a%00.com
127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 １２７.0.0.1 127。0。0。1 127.0.0.1.
%31%32%37.0.0.1 0 0.0.0.0 256.256.256.256 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1]
[::127.0.0.1] [fe80::1] [fe80::1%25eth0] [fc00::1] [64:ff9b::7f00:1] [2002:7f00:1::] 10.0.0.1 192.168.1.1
172.16.0.1 169.254.169.254 [fd00:ec2::254] 100.64.0.1
`
  .trim()
  .split(/\s+/);

const REFUSED = [
  '',
  'ftp://example.com/',
  'http://example.com/',
  'wss://example.com/',
  'file:///etc/passwd',
  'javascript:1',
  '//example.com/',
  '/hook',
  'example.com',
  'https:example.com',
  'https:/example.com',
  'https:\\\\example.com\\',
  'https://',
  ' https://example.com/',
  'https://example.com/ ',
  'https://exa\tmple.com/',
  'https://example.com/\n',
  'https://a b.com/',
  'https://user@example.com/',
  'https://user:pass@example.com/',
  'https://:pass@example.com/',
  'https://a@127.0.0.1/',
  'https://example.com:0/',
  'https://example.com:22/',
  'https://example.com:80/',
  'https://example.com:1023/',
  'https://example.com:65536/',
  `https://${'a'.repeat(64)}.com/`,
  `https://${'a.'.repeat(130)}com/`,
  'https://[::1',
  ...REFUSED_HOSTS.map((host) => `https://${host}/`),
];

test.each(ACCEPTED)('%j may be an endpoint', (url) => {
  expect(vetTargetUrl(url, { allowPrivate: false })).toMatchObject({ ok: true });
});

test.each(REFUSED)('%j may not be an endpoint', (url) => {
  const vetted = vetTargetUrl(url, { allowPrivate: false });
  expect(vetted.ok).toBe(false);
  expect(vetted).toMatchObject({ reason: expect.stringMatching(/^[A-Z].*\.$/) });
});

test('the address of an endpoint has at most 2048 characters', () => {
  const base = 'https://example.com/';
  expect(vet(base.padEnd(2048, 'a'))).toBe(true);
  expect(vet(base.padEnd(2049, 'a'))).toBe(false);
});

test('the local stack may use private addresses and http, but neither credentials nor other schemes', () => {
  for (const url of ['http://127.0.0.1:8000/', 'http://localhost/', 'https://[::1]:9/'])
    expect(vet(url, true)).toBe(true);
  for (const url of ['http://a:b@127.0.0.1/', 'ftp://127.0.0.1/', 'nonsense'])
    expect(vet(url, true)).toBe(false);
});

test('any text as the address of an endpoint gets an answer, never an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), fc.boolean(), (text, url, allowPrivate) => {
      for (const one of [text, url, url + text, `https://${text}/`])
        expect(typeof vet(one, allowPrivate)).toBe('boolean');
    }),
  );
});
