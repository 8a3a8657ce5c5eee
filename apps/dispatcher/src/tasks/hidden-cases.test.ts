import { findHiddenCases } from '@agent-registry/db';
import { commit, openHiddenCases, resealHiddenCases } from '@agent-registry/operations';
import { createSealer } from '@agent-registry/signing';
import { beforeEach, expect, test } from '@jest/globals';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { verdict } from '../testing/stand-in-runner.ts';
import { SIGNING_KEY } from '../testing/start-registry.ts';

const NEW_KEY = 'the key that takes over from the first one for hidden cases';
/** As the client sent it: spelled so that a second serialisation would change it. */
const HIDDEN =
  '{"t": {"salt": "a salt nobody guesses", "cases": [{"stdin": "1.0", "expect": {"exit_code": 0}}]}}';

const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url });
beforeEach(() => {
  runner.requests.length = 0;
  runner.say = () => ({ status: 200, body: verdict('pass') });
});

test('hidden cases are handed to the test-runner as they were sent, and stand in no log line', async () => {
  const job = await startedJob(registry, { hiddenCases: HIDDEN });
  expect(await registry.dispatch(await job.deliver())).toMatchObject({
    status: 200,
    body: { outcome: 'pass' },
  });
  expect(runner.requests[0]?.text).toContain(`"hidden_cases":${HIDDEN},`);
  expect(JSON.stringify(registry.first.lines)).not.toContain('a salt nobody guesses');
});

test('hidden cases are no member of the request for a job that has none', async () => {
  const job = await startedJob(registry);
  await registry.dispatch(await job.deliver());
  expect(runner.requests[0]?.text).not.toContain('hidden_cases');
});

test('hidden cases are sealed anew under another platform key, and then open with that key alone', async () => {
  const job = await startedJob(registry, { hiddenCases: HIDDEN });
  const both = createSealer({ currentKey: NEW_KEY, acceptedKeys: [SIGNING_KEY] });
  const db = registry.database.dispatcherDb;
  const before = await findHiddenCases(db, job.jobId);
  expect(before?.sealed).not.toContain('salt');
  for (let after: string | null = null, more = true; more; ) {
    const { value } = await commit({ ...registry.deps, db, sealer: both }, (op) =>
      resealHiddenCases(op, { after }),
    );
    after = value.next;
    more = after !== null;
  }
  const alone = createSealer({ currentKey: NEW_KEY });
  expect(await openHiddenCases({ db, sealer: alone }, job.jobId)).toBe(HIDDEN);
});

test.each(['apiDb', 'dispatcherDb'] as const)(
  'hidden cases cannot be removed, or moved to another job, by %s',
  async (role) => {
    const db = registry.database[role];
    await expect(db.deleteFrom('hidden_cases').execute()).rejects.toThrow(/permission denied/);
    await expect(
      db.updateTable('hidden_cases').set({ job_id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' }).execute(),
    ).rejects.toThrow(/permission denied/);
  },
);

test('hidden cases that no key opens are an outage: nothing is judged, and the run is given back', async () => {
  const job = await startedJob(registry, { hiddenCases: HIDDEN });
  const { db } = registry.database;
  await db.updateTable('hidden_cases').set({ sealed: 's1.x' }).where('job_id', '=', job.jobId).execute();
  expect(await registry.dispatch(await job.deliver())).toMatchObject({ status: 503 });
  expect(runner.requests).toEqual([]);
});
