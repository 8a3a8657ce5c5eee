import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readOptions } from './options.ts';

test('the long scenarios are measured when they are asked for, all at once or by name', () => {
  const names = (...args: string[]) => readOptions(args).chosen.map(({ name }) => name);
  expect(names()).not.toContain('soak');
  expect(names('--long')).toContain('soak');
  expect(names('--only', 'soak, signed-get')).toEqual(['signed-get', 'soak']);
});

test.each([
  [['--only', 'nonsense'], 'There is no scenario nonsense'],
  [['--seconds', 'x'], '--seconds is more than 0'],
  [['--seconds', '0'], '--seconds is more than 0'],
  [['--compare', '/nowhere'], 'There is no /nowhere'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused before anything is started', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('a checkout whose packages are not installed is refused before anything is started', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'bench-options-'));
  try {
    expect(() => readOptions(['--compare', checkout])).toThrow('run npm ci in it first');
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
