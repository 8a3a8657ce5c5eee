import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeInfo } from '@agent-registry/schemas';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identifyRunner } from './runner-identity.ts';

const python: RuntimeInfo = { name: 'python:3', version: '3.11.7', engine_hash: null, backend: 'bubblewrap' };
const bash: RuntimeInfo = { name: 'bash:5', version: '5.2', engine_hash: null, backend: 'bubblewrap' };
let code: string;
beforeEach(() => {
  code = mkdtempSync(join(tmpdir(), 'agent-registry-code-'));
  mkdirSync(join(code, 'checks'));
  writeFileSync(join(code, 'checks', 'a.ts'), 'a');
});
afterEach(() => rmSync(code, { recursive: true }));

const digest = (runtimes = [python, bash], node = 'v24') => identifyRunner([code], runtimes, node).digest;

test('the same verifying code and interpreters have the same digest, in whatever order they are listed', () => {
  expect(digest([python, bash])).toBe(digest([bash, python]));
});

test('another verifying code, interpreter or Node has another digest, another test has not', () => {
  const before = digest();
  expect(digest([{ ...python, version: '3.12.0' }, bash])).not.toBe(before);
  expect(digest([python, bash], 'v25')).not.toBe(before);
  writeFileSync(join(code, 'checks', 'a.test.ts'), 'b');
  expect(digest()).toBe(before);
  writeFileSync(join(code, 'checks', 'a.ts'), 'b');
  expect(digest()).not.toBe(before);
});
