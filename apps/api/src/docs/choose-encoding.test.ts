import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseEncoding, ENCODINGS } from './choose-encoding.ts';

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['GZIP;Q=1', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0.1, br;q=0', 'gzip'],
  ['gzip;q=0.001', 'gzip'],
  ['gzip;q=0.2, identity;q=0.7', 'identity'],
  ['zstd', 'identity'],
  ['*;q=0', 'identity'],
  ['br;q=nonsense', 'identity'],
])('of Accept-Encoding %p the answer’s coding is %s', (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

test('whatever is in the header, the answer comes in one of the codings there are', () => {
  fc.assert(fc.property(fc.string(), (header) => ENCODINGS.includes(chooseEncoding(header))));
});
