import { describe, expect, test } from '@jest/globals';
import { formatLogLine, isRoutine } from './pretty-log.ts';

describe('a log line for people', () => {
  test('a log line for people says who, when, how serious and what, and then the rest', () => {
    const line = JSON.stringify({
      severity: 'INFO',
      service: 'api',
      time: '2026-01-02T03:04:05.678Z',
      message: 'POST /v1/agents',
      method: 'POST',
      status: 201,
      duration_ms: 12.34,
      agent_id: 'a1',
      nothing: null,
    });
    expect(formatLogLine({ service: 'api', line })).toBe(
      'api          03:04:05.678 INFO    POST /v1/agents 201 12 ms  agent_id=a1',
    );
  });

  test('a log line that is no JSON is shown as it is', () => {
    expect(formatLogLine({ service: 'redis', line: '* Ready' })).toBe('redis        * Ready');
  });

  test('nothing that was logged commands the terminal', () => {
    const line = JSON.stringify({ message: 'name \u001b[2J\u009b31m' });
    expect(formatLogLine({ service: 'api', line })).not.toMatch(/\p{Cc}/u);
    expect(formatLogLine({ service: 'api', line: 'plain \u001b]0;x\u0007' })).not.toMatch(/\p{Cc}/u);
  });
});

test('a sweep that found nothing is routine; one that found something or failed is not', () => {
  const sweepLine = (fields: object) => ({
    service: 'dispatcher',
    line: JSON.stringify({ route: '/internal/sweep', status: 200, swept: 0, ...fields }),
  });
  expect(isRoutine(sweepLine({}))).toBe(true);
  expect(isRoutine(sweepLine({ swept: 1 }))).toBe(false);
  expect(isRoutine(sweepLine({ status: 500 }))).toBe(false);
  expect(isRoutine({ service: 'api', line: 'plain text' })).toBe(false);
});
