import { expect, test } from '@jest/globals';
import { createJavascriptCompiler } from './javascript-compiler.ts';

test('a script that exhausts its engine, or makes its memory grow, leaves nothing of itself for the next suite', async () => {
  const sources = [
    'await null; const a = 1',
    'const = 1',
    '('.repeat(100_000),
    `const a = '${'x'.repeat(8_000_000)}';`,
  ];
  const alone: (string | null)[] = [];
  for (const source of sources) alone.push((await createJavascriptCompiler())(source));
  expect(alone).toEqual([null, expect.stringMatching(/^does not parse/), expect.any(String), null]);
  const again: (string | null)[] = [];
  for (const source of sources.toReversed()) {
    const compile = await createJavascriptCompiler();
    again.unshift(compile(source));
    expect(compile('await null; const a = 1')).toBeNull();
  }
  expect(again).toEqual(alone);
});
