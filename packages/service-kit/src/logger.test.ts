import { expect, test } from '@jest/globals';
import { runInScope } from './scope.ts';
import { capturedLog } from './testing/captured-log.ts';

test('a line has the fields that Google Cloud Logging knows', () => {
  const { log, lines } = capturedLog('agent-registry');
  const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
  runInScope({ requestId: null, trace, fields: {} }, () => log.warn({ job_id: 'j' }, 'late'));
  expect(lines).toEqual([
    {
      severity: 'WARNING',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
      service: 'test',
      message: 'late',
      job_id: 'j',
      'logging.googleapis.com/trace': `projects/agent-registry/traces/${trace.traceId}`,
      'logging.googleapis.com/spanId': trace.spanId,
      'logging.googleapis.com/trace_sampled': true,
    },
  ]);
});

test('secrets and bodies are taken out, also one level down and among headers', () => {
  const { log, lines } = capturedLog();
  const secret = 'hunter2';
  log.info({ token: secret, body: secret, agent: { private_key: secret, webhook_secret: secret } }, 'a');
  log.info({ req: { headers: { authorization: secret, 'x-operator-key': secret } }, stdout: secret }, 'b');
  expect(JSON.stringify(lines)).not.toContain(secret);
});

test('what is logged stays as it was for whoever logged it, secrets included', () => {
  const { log, lines } = capturedLog();
  const fields = { token: 'hunter2', agent: { secret: 'hunter2', name: 'A' }, roles: ['a'], none: null };
  log.info(fields, 'a');
  expect(fields).toEqual({
    token: 'hunter2',
    agent: { secret: 'hunter2', name: 'A' },
    roles: ['a'],
    none: null,
  });
  expect(lines[0]).toMatchObject({
    token: '[redacted]',
    agent: { secret: '[redacted]', name: 'A' },
    roles: ['a'],
    none: null,
  });
});

test('an error is logged by name, message, code, stack and cause, without its other properties', () => {
  const { log, lines } = capturedLog();
  const cause = Object.assign(new TypeError('inner'), { code: '23505', detail: 'Key (secret)=(hunter2)' });
  log.error({ error: new Error('outer', { cause }) }, 'failed');
  expect(lines[0]).toMatchObject({
    severity: 'ERROR',
    error: {
      type: 'Error',
      message: 'outer',
      stack: expect.any(String),
      cause: { type: 'TypeError', code: '23505' },
    },
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
