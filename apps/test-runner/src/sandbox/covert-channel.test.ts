import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maxLimits } from '../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { receiver, sender } from '../../test/sandbox/channels.ts';
import { scriptJob } from '../../test/sandbox/script-job.ts';
import type { ScriptBackend } from '../backend.ts';
import { createSandboxBackend } from './index.ts';

describeWithSandbox('two sandboxes at one time', () => {
  let backend: ScriptBackend;
  beforeAll(async () => {
    // None waits: other tests of this machine kill what waits.
    const sizes = { poolSize: 0, concurrency: 2 };
    backend = (await createSandboxBackend({ maxLimits, allowWatchdog: true, ...sizes }))
      .backend as ScriptBackend;
  }, 60_000);
  afterAll(() => backend.close());

  const run = (source: string) =>
    backend.run(scriptJob(source, { wallMs: 30_000 }, 'python:3'), new AbortController().signal);

  test('one sees nothing of what the other does to the machine', async () => {
    const [sent, seen] = await Promise.all([run(sender), run(receiver)]);
    expect(seen).toMatchObject({ outcome: 'passed', stdout: 'held: nothing changed\n' });
    expect(sent).toMatchObject({ outcome: 'passed', stdout: 'sent\n' });
  }, 60_000);
});
