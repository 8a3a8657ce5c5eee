import { status } from '@grpc/grpc-js';
import { beforeAll, expect, test } from '@jest/globals';
import { afterFile, PARENT, refuses, startTestEmulator } from './testing/harness.ts';

let client: Awaited<ReturnType<typeof startTestEmulator>>['client'];

beforeAll(async () => {
  const queues = {
    slow: { maxDispatchesPerSecond: 1, minBackoffSeconds: 10 },
    quick: { maxDispatchesPerSecond: 100 },
    'quick-paused': { maxDispatchesPerSecond: 200 },
  };
  ({ client } = await startTestEmulator({ queues }, afterFile));
  await client.pauseQueue({ name: `${PARENT}/queues/quick-paused` });
});

test.each([
  ['state: PAUSED', ['quick-paused']],
  ['state=paused', ['quick-paused']],
  ['state != PAUSED', ['quick', 'slow']],
  ['name:quick', ['quick', 'quick-paused']],
  ['name = "projects/test-project/locations/us-west1/queues/quick"', ['quick']],
  ['rateLimits.maxDispatchesPerSecond >= 100', ['quick', 'quick-paused']],
  ['rate_limits.max_dispatches_per_second < 100', ['slow']],
  ['retryConfig.minBackoff > 5s', ['slow']],
  ['name:quick state=RUNNING', ['quick']],
  ['name:quick AND NOT state=RUNNING', ['quick-paused']],
  ['-name:quick', ['slow']],
  ['name:slow OR state=PAUSED', ['quick-paused', 'slow']],
  ['name:quick name:paused OR name:slow', ['quick-paused']],
  ['(name:quick AND name:paused) OR name:slow', ['quick-paused', 'slow']],
  ['purgeTime > "2020-01-01T00:00:00Z"', []],
  ['purgeTime:*', []],
  ['stackdriverLoggingConfig.samplingRatio != 1', ['quick', 'quick-paused', 'slow']],
  ['  ', ['quick', 'quick-paused', 'slow']],
])('the filter %j lists the queues that it describes', async (filter, expected) => {
  const [queues] = await client.listQueues({ parent: PARENT, filter });
  expect(queues.map(({ name }) => name?.split('/').at(-1))).toEqual(expected);
});

test.each([
  'state',
  'state:',
  ': PAUSED',
  'colour = red',
  '(state: PAUSED',
  'state: PAUSED)',
  'NOT',
  '"',
  'a'.repeat(2_001),
])('the filter %j cannot be read and is INVALID_ARGUMENT', async (filter) => {
  await refuses(client.listQueues({ parent: PARENT, filter }), status.INVALID_ARGUMENT);
});
