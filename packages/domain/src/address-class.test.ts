import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { classifyAddress } from './address-class.ts';

/** Each class, and addresses of it: its edges, and what lies just outside of others. */
const CLASSES = {
  public: `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255
    192.169.0.0 198.17.255.255 198.20.0.0 203.0.114.0 223.255.255.255 2606:4700:4700::1111
    2001:4860:4860::8888 2a00:: 2001:200:: 2003::1 3fff:1000:: 2620:0:1::`,
  unspecified: '0.0.0.0 0.0.0.1 0.255.255.255 ::',
  loopback: '127.0.0.0 127.0.0.1 127.255.255.255 ::1',
  private: '10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255',
  cgnat: '100.64.0.0 100.127.255.255',
  'link-local': '169.254.0.0 169.254.255.255 fe80:: febf:ffff::1',
  metadata: '169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192 fd00:ec2::254',
  reserved: `192.0.0.0 192.0.0.255 192.31.196.1 192.52.193.1 192.175.48.1 240.0.0.0 255.255.255.254 2001:1::1
    2001:1ff:: 2620:4f:8000::1 3ffe::1 4000:: 5f00::1 1fff:: 200:: ::1:0:0:0`,
  broadcast: '255.255.255.255',
  documentation: '192.0.2.0 192.0.2.255 198.51.100.7 203.0.113.7 2001:db8:: 3fff:: 3fff:fff::',
  benchmarking: '198.18.0.0 198.19.255.255 2001:2::1',
  multicast: '224.0.0.0 239.255.255.255 233.252.0.1 ff02::1 ffff::',
  '6to4': '192.88.99.1 2002:: 2002:7f00:1:: 2002:ffff::',
  nat64: '64:ff9b:: 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1:: 64:ff9b:1:ffff::',
  teredo: '2001:: 2001:0:ffff::',
  orchid: '2001:10:: 2001:1f:ffff:: 2001:20:: 2001:2f:ffff::',
  discard: '100:: 100::ffff',
  'unique-local': 'fc00:: fdff:ffff::1',
  'site-local': 'fec0:: feff:ffff::1',
  'v4-mapped': '::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1 0:0:0:0:0:FFFF:10.0.0.1',
  'v4-compatible': '::127.0.0.1 ::8.8.8.8 ::2 ::ffff',
  'v4-translated': '::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8',
  malformed: `example.com 127.1 0x7f.0.0.1 0177.0.0.1 2130706433 256.1.1.1 [::1] fe80::1%eth0
    2606:4700::1111%lo 1.1.1.1%lo ::g 1:2:3:4:5:6:7 1.1.1.1/32`,
};

describe('classifyAddress', () => {
  const rows = Object.entries(CLASSES).flatMap(([name, addresses]) =>
    addresses.split(/\s+/).map((address) => [address, name]),
  );
  test.each([...rows, ['', 'malformed'], ['1.1.1.1 ', 'malformed']])(
    'the address %j is of the class %s',
    (address, name) => {
      expect(classifyAddress(address)).toBe(name);
    },
  );

  test('nothing that another library calls special counts as public', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, (text) => {
        if (classifyAddress(text) === 'public') expect(ipaddr.parse(text).range()).toBe('unicast');
      }),
      { numRuns: 5000 },
    );
  });

  test('no IPv6 address that carries a refused IPv4 address in a known way is public', () => {
    const wraps = ['::ffff:', '::', '::ffff:0:', '64:ff9b::'];
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...wraps), (v4, wrap) => {
        expect(classifyAddress(`${wrap}${v4}`)).not.toBe('public');
      }),
    );
  });

  test('an IPv6 address is read as the URL parser reads it, in every spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        expect(classifyAddress(text)).toBe(classifyAddress(canonical));
      }),
      { numRuns: 2000 },
    );
  });

  test('any text as an address gets a class, never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof classifyAddress(text)).toBe('string');
      }),
    );
  });
});
