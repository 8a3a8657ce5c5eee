import type { TestOutcome, TestResult } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { computeVerdict } from './verdict.ts';

const result = (outcome: TestOutcome): TestResult => ({
  test_id: 't',
  type: 'script',
  passed: outcome === 'passed',
  outcome,
  message: '',
  exit_code: null,
  stdout: '',
  stderr: '',
});
const verdict = (minPass: number, ...outcomes: TestOutcome[]): string =>
  computeVerdict({ tests: [], minPass }, outcomes.map(result)).verdict;

test('the threshold decides', () => {
  expect([verdict(1, 'passed', 'failed'), verdict(2, 'passed', 'timeout')]).toEqual(['pass', 'fail']);
});

test('a broken harness is an error only where the broken tests could have decided', () => {
  expect(verdict(2, 'passed', 'error')).toBe('error');
  expect(verdict(1, 'passed', 'error')).toBe('pass');
  expect(verdict(3, 'passed', 'error', 'failed')).toBe('fail');
});
