import { listRuns } from '@agent-registry/db';
import { type TestRunResponse, testRunResponse } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useHarness, verdict } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { settleVerification } from './settle-verification.ts';

const harness = useHarness();

/** What a script can print, or a library quote of a deliverable: any bytes, any code units. */
const hostileText = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\0', '\ud83d', `${'x'.repeat(65_535)}😀`, '\\u0000', '__proto__'),
);

function answerWith(text: (path: string) => string): TestRunResponse {
  const base = verdict('pass');
  const [result] = base.results;
  return testRunResponse.parse({
    ...base,
    run_id: text('run_id'),
    summary: text('summary'),
    results: [
      {
        ...result,
        test_id: text('test_id'),
        type: text('type'),
        message: text('message'),
        stdout: text('stdout'),
        stderr: text('stderr'),
      },
    ],
    isolation: {
      backend: text('backend'),
      backends: [
        {
          backend: text('b'),
          available: true,
          reason: text('reason'),
          facts: { [text('key')]: text('fact') },
        },
      ],
      runtimes: [{ name: 'javascript', version: text('version'), engine_hash: null, backend: text('b2') }],
    },
    usage: {
      ...base.usage,
      tests: [{ test_id: text('u'), duration_ms: 1, cpu_ms: 1, peak_memory_bytes: 1 }],
    },
    effective_limits: [{ test_id: text('limit'), timeout_seconds: 1, memory_limit_mb: 1 }],
  });
}

async function storeVerdict(response: TestRunResponse) {
  const parties = await twoParties(harness);
  const jobId = await parties.delivered({ criteria: true });
  const leased = await parties.lease(jobId);
  const { settled } = await harness.run((op) => settleVerification(op, { ...leased, response }));
  const [run] = await listRuns(harness.deps.db, jobId, { limit: 1, offset: 0, after: null });
  return { settled, run, job: await parties.read(jobId) };
}

test('whatever text a runner’s answer has in whatever field, its verdict is stored, pays, and can be read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileText, { minLength: 1, maxLength: 15 }), async (texts) => {
      let next = 0;
      const response = answerWith(() => texts[next++ % texts.length]!);
      const { settled, run, job } = await storeVerdict(response);
      expect({ settled, status: job.status, run: run?.status }).toEqual({
        settled: true,
        status: 'completed',
        run: 'pass',
      });
      const kept = JSON.stringify([run?.results, run?.summary, run?.isolation, run?.usage]);
      expect(kept).not.toMatch(/[^\\](\\\\)*\\u(0000|d[89a-f])/);
      expect(run?.results?.[0]?.passed).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('a text of a runner’s answer that needs no mending is stored as it is', async () => {
  const { run } = await storeVerdict(answerWith((path) => `${path}: naïve 😀\n\ttext`));
  expect(run?.results?.[0]).toMatchObject({ stdout: 'stdout: naïve 😀\n\ttext' });
});
