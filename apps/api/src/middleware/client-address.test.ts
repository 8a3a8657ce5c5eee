import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { clientAddress } from './rate-limit.ts';

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

test.each([
  [0, '10.0.0.1', '1.2.3.4', '10.0.0.1'],
  [1, '10.0.0.1', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
  [2, '10.0.0.1', '9.9.9.9, 1.2.3.4, 5.6.7.8', '1.2.3.4'],
  [2, '10.0.0.1', '1.2.3.4', '10.0.0.1'],
  [1, '10.0.0.1', 'garbage', '10.0.0.1'],
  [1, '10.0.0.1', undefined, '10.0.0.1'],
  [0, '::ffff:10.0.0.1', undefined, '10.0.0.1'],
  [1, '::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  [1, '::1', '2001:DB8:1::6', '2001:db8:1:0::/64'],
  [0, '::1', undefined, '0:0:0:0::/64'],
  [0, 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
])('behind %d proxies, %s with X-Forwarded-For %p is %s', (hops, remote, forwarded, expected) => {
  expect(clientAddress(from(remote, forwarded), hops)).toBe(expected);
});
