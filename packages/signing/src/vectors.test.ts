import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../vectors/check_vectors.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? test : test.skip)('Python, with its standard library alone, agrees with every vector', () => {
  const run = spawnSync('python3', ['-I', script], { encoding: 'utf8', timeout: 20_000 });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  expect(Number(run.stdout)).toBeGreaterThan(40);
});
