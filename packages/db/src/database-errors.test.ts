import { expect, test } from '@jest/globals';
import { isDatabaseDown, isDataRefused, isStatementTimeout } from './database-errors.ts';

const failure = (code?: string, message = 'failed') => Object.assign(new Error(message), { code });

test.each([
  ['57P01', 'terminating connection due to administrator command', true],
  ['57P03', 'the database system is starting up', true],
  ['53300', 'too many connections', true],
  ['08006', 'connection failure', true],
  ['25006', 'cannot execute UPDATE in a read-only transaction', true],
  ['ECONNRESET', 'read ECONNRESET', true],
  [undefined, 'Connection terminated unexpectedly', true],
  [undefined, 'timeout exceeded when trying to connect', true],
  ['42501', 'permission denied', false],
  ['57014', 'canceling statement due to statement timeout', false],
  ['40001', 'could not serialize access', false],
  ['23505', 'duplicate key', false],
  [undefined, 'x is not a function', false],
])('an error of code %s (%s) says that the database is down: %s', (code, message, isDown) => {
  expect(isDatabaseDown(failure(code, message))).toBe(isDown);
});

test('of several addresses one that is unreachable says that the database is down', () => {
  expect(isDatabaseDown(new AggregateError([failure('ECONNREFUSED')]))).toBe(true);
  expect(isDatabaseDown(new AggregateError([failure('42501')]))).toBe(false);
});

test('a statement timeout and refused data are told apart from an outage', () => {
  expect([failure('57014'), failure('57P01'), 'x'].map(isStatementTimeout)).toEqual([true, false, false]);
  expect([failure('22P05'), failure('23514'), failure('57014'), null].map(isDataRefused)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
