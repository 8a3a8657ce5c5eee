import { countRoundTrips } from '@agent-registry/db/testing';
import { expect, test } from '@jest/globals';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { verdict } from '../testing/stand-in-runner.ts';

const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url, tasks: 'lose' });

/** The trips of a claim, and those of what follows from the answer; between them the hidden cases are read. NOTIFY is waited for by nobody. */
async function tripsOf(kind: 'pass' | 'fail'): Promise<{ claim: string[]; settle: string[] }> {
  runner.say = () => ({ status: 200, body: verdict(kind) });
  const job = await startedJob(registry, { sellerUrl: 'https://agent.example.com/hooks' });
  const spec = await job.deliver();
  const trips = await countRoundTrips('dispatcher', async () => {
    expect(await registry.dispatch(spec)).toEqual({ status: 200, body: { outcome: kind } });
  });
  const between = trips.findIndex((text) => text.includes('from "hidden_cases"'));
  const settle = trips.slice(between + 1).filter((text) => !text.includes('pg_notify'));
  return { claim: trips.slice(0, between), settle };
}

test('a run is claimed and its PASS paid in three round trips to the database each', async () => {
  const { claim, settle } = await tripsOf('pass');
  expect(claim).toHaveLength(3);
  expect(settle).toHaveLength(3);
});

test('a run is claimed in three round trips to the database, and its FAIL acted on in two', async () => {
  const { claim, settle } = await tripsOf('fail');
  expect(claim).toHaveLength(3);
  expect(settle).toHaveLength(2);
});
