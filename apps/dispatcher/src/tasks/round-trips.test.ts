import { countRoundTrips } from '@agent-registry/db/testing';
import { expect, test } from '@jest/globals';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { verdict } from '../testing/stand-in-runner.ts';
import { createWebhookBench } from '../testing/webhook-bench.ts';

const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url, tasks: 'lose' });
const bench = createWebhookBench(() => registry);

/** What a verification costs the dispatcher. NOTIFY comes after it, and is waited for by nobody. */
async function tripsOf(kind: 'pass' | 'fail'): Promise<string[]> {
  runner.say = () => ({ status: 200, body: verdict(kind) });
  const job = await startedJob(registry, { sellerUrl: 'https://agent.example.com/hooks' });
  const spec = await job.deliver();
  const trips = await countRoundTrips('dispatcher', async () => {
    expect(await registry.dispatch(spec)).toEqual({ status: 200, body: { outcome: kind } });
  });
  return trips.filter((text) => !text.includes('pg_notify'));
}

test('a run is claimed, and its PASS paid, in three round trips to the database each', async () => {
  expect(await tripsOf('pass')).toHaveLength(6);
});

test('a run is claimed in three round trips to the database, and its FAIL acted on in two', async () => {
  expect(await tripsOf('fail')).toHaveLength(5);
});

test('a webhook that is received is claimed in one round trip to the database, and recorded in one', async () => {
  const stranger = await bench.receiver();
  const { agentId } = await registry.newAgent(stranger.url('ok'));
  const deliver = async () => {
    const [spec] = await registry.event(agentId);
    return countRoundTrips('dispatcher', async () => {
      expect(await registry.dispatch(spec!)).toEqual({ status: 200, body: { outcome: 'delivered' } });
    });
  };
  await deliver(); // The first says that the endpoint answers.
  expect(await deliver()).toHaveLength(2);
});
