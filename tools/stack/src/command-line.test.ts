import { describe, expect, test } from '@jest/globals';
import { help, readCommandLine } from './command-line.ts';
import { portNames, portVariable } from './services.ts';

describe('the command line', () => {
  test('the command line takes each port from its flag, or else from its variable', () => {
    const env = { STACK_API_PORT: '9000', STACK_TEST_RUNNER_PORT: '9002' };
    expect(readCommandLine(['--api-port', '9100'], env).ports).toEqual({ api: 9100, 'test-runner': 9002 });
  });

  test('the command line refuses a port that is none, by both its names', () => {
    expect(() => readCommandLine(['--api-port', 'eighty'], {})).toThrow('--api-port (STACK_API_PORT)');
    expect(() => readCommandLine([], { STACK_REDIS_PORT: '70000' })).toThrow(
      '--redis-port (STACK_REDIS_PORT)',
    );
  });

  test('the command line takes a number of instances that the stack can run, and one when it is told none', () => {
    expect([[], ['--instances', '2']].map((args) => readCommandLine(args, {}).instances)).toEqual([1, 2]);
    for (const text of ['0', '5', '1.5', 'two'])
      expect(() => readCommandLine(['--instances', text], {})).toThrow(
        '--instances must be a number from 1 to 4',
      );
  });

  test('the command line refuses an option that it does not know', () => {
    expect(() => readCommandLine(['--prot', '1'], {})).toThrow('--prot');
  });

  test('the command line’s help explains every port', () => {
    for (const name of portNames) expect(help).toContain(portVariable(name));
  });
});
