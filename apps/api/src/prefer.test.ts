import { expect, test } from '@jest/globals';
import { readWait } from './prefer.ts';

test.each([
  ['wait=10', 10],
  ['WAIT = 7', 7],
  ['wait="5"', 5],
  ['respond-async, wait=3', 3],
  ['respond-async; foo="a,b"; bar, wait=4;x=1', 4],
  ['wait=0', 0],
  ['wait=25', 25],
  ['wait=9999', 25],
  ['wait=2, wait=9', 2],
  ['return=minimal,wait=1', 1],
])('%p waits %d s', (header, seconds) => {
  expect(readWait(header)).toEqual({ seconds, isAsked: true });
});

test.each([
  undefined,
  '',
  'respond-async',
  'wait',
  'wait=',
  'wait=-1',
  'wait=1.5',
  'wait=soon',
  'waiting=3',
  '"wait=3"',
  ', wait=3',
  `${'x'.repeat(2_000)}`,
  'wait=99999999999999',
  'a="\\"',
])('%p waits the default', (header) => {
  expect(readWait(header)).toEqual({ seconds: 20, isAsked: false });
});
