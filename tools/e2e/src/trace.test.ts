import { METRICS } from '@agent-registry/schemas';
import { waitUntil } from '@agent-registry/servers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arrival, suite, type TestAgent, type Town } from './testing/agents.ts';
import { driveJob } from './testing/drive-job.ts';
import { type OtlpCollector, type Span, startCollector } from './testing/otlp-collector.ts';
import { useE2eStack } from './testing/use-stack.ts';

const testTimeoutMs = 60_000;
const traceField = 'logging.googleapis.com/trace';
// In pieces, so that no other text contains it.
const treasure = ['what', 'the', 'seller', 'made'].join('-');

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await startCollector();
});
const stack = useE2eStack(() => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }));
afterAll(() => collector?.close());
let town: Town;
let client: TestAgent;
let seller: TestAgent;
let jobId: string;
/** Header values that only the caller and the registry may know. */
const secretsSent: string[] = [];

/** Sends as `fetch` does, and notes what was secret about it. */
const listening: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  for (const name of ['signature', 'signature-input']) {
    const value = /:(.*):|nonce="(.*?)"/
      .exec(headers.get(name) ?? '')
      ?.slice(1)
      .find(Boolean);
    if (value !== undefined) secretsSent.push(value);
  }
  return fetch(input, init);
};

beforeAll(async () => {
  town = await stack.openTown({ fetch: listening });
  client = await town.settle('tracing-client');
  seller = await town.settle('tracing-seller');
  jobId = await wholeJob();
}, testTimeoutMs);

/** A job from its proposal to its payment, verified by a suite. */
async function wholeJob(): Promise<string> {
  await client.client.depositCredits({ amount: '20.00' });
  await seller.client.depositCredits({ amount: '5.00' });
  const acceptance_criteria = suite({
    test_id: 'says-so',
    type: 'assertion',
    params: { expression: 'output.text != ""' },
  });
  const terms = { seller_abort_penalty: '1.00', acceptance_criteria, result: { text: treasure } };
  const job_id = await driveJob({ client, seller }, 'delivered', terms);
  const verified = await client.client.verifyJob({ job_id });
  expect(verified.verification?.verdict).toBe('pass');
  const paid = () => town.arrivals.filter(({ webhook }) => webhook.event === 'job.completed').length === 2;
  expect(await waitUntil(paid, { timeoutMs: testTimeoutMs / 2 })).toBe(true);
  return job_id;
}

type Line = Record<string, unknown>;

/** The log lines of the services so far, but for what is not JSON. */
const lines = (): Line[] =>
  stack.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);

/** The line of a request, waited for: it is written when the response is over. */
async function lineOf(wanted: Line): Promise<Line> {
  const find = () =>
    lines().find((line) => Object.entries(wanted).every(([name, value]) => line[name] === value));
  await waitUntil(() => find() !== undefined, { timeoutMs: testTimeoutMs / 2 });
  const line = find();
  if (line === undefined) throw new Error(`no line with ${JSON.stringify(wanted)}`);
  return line;
}

const traceparentOf = ({ text }: Arrival) => {
  const [, traceId = '', spanId = '', flags] =
    /^traceparent\n00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/im.exec(text) ?? [];
  return { traceId, spanId, flags };
};
const heard = (event: string) => town.arrivals.filter(({ webhook }) => webhook.event === event);

test(
  'one trace leads from the delivery by way of Cloud Tasks, the test-runner and Cloud Tasks to the webhook',
  async () => {
    const delivering = await lineOf({ operation: 'deliverJob', job_id: jobId });
    const traceId = String(delivering[traceField]).split('/').at(-1)!;
    const arrived = heard('job.completed').map(traceparentOf);
    expect(arrived.map((parent) => parent.traceId)).toEqual([traceId, traceId]);
    expect(arrived.map((parent) => parent.flags)).toEqual(['01', '01']);

    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
    const isWhole = () =>
      ofTrace().filter(({ name }) => name === 'webhook attempt').length >= 3 &&
      // Each service sends its spans in its own time.
      ['api', 'test-runner'].every((name) => ofTrace().some(({ service }) => service === name));
    expect(await waitUntil(isWhole, { timeoutMs: testTimeoutMs / 2 })).toBe(true);
    const spans = new Map(ofTrace().map((span) => [span.spanId, span]));
    for (const { spanId } of arrived) {
      expect(pathTo(spans, spanId)).toEqual([
        'api POST /v1/jobs/:job_id/deliver',
        'dispatcher POST /internal/verification-run',
        'dispatcher POST /internal/webhook-dispatch',
        'dispatcher webhook attempt',
      ]);
    }
    const services = new Set([...spans.values()].map(({ service }) => service));
    expect(services).toEqual(new Set(['api', 'dispatcher', 'test-runner']));
  },
  testTimeoutMs,
);

/** The spans from the root of a trace to one of them. */
function pathTo(spans: ReadonlyMap<string, Span>, spanId: string | undefined): string[] {
  const span = spans.get(spanId ?? '');
  if (span === undefined) return [];
  return [...pathTo(spans, span.parentSpanId), `${span.service} ${span.name}`];
}

test(
  'a caller’s own trace goes on to the webhook, and every line of it carries it as Cloud Logging reads it',
  async () => {
    const traceId = 'abcdef0123456789'.repeat(2);
    const traced: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('traceparent', `00-${traceId}-${'1'.repeat(16)}-01`);
      return fetch(input, { ...init, headers });
    };
    const side = await stack.openTown({ fetch: traced });
    const agent = await side.settle('traced');
    const { delivery_id } = await agent.client.testWebhook();
    expect(await waitUntil(() => side.arrivals.length > 0, { timeoutMs: testTimeoutMs / 2 })).toBe(true);
    expect(traceparentOf(side.arrivals[0]!).traceId).toBe(traceId);
    const line = await lineOf({ route: '/internal/webhook-dispatch', delivery_id });
    expect(line).toMatchObject({
      severity: 'INFO',
      [traceField]: `projects/agent-registry/traces/${traceId}`,
      'logging.googleapis.com/spanId': expect.stringMatching(/^[0-9a-f]{16}$/),
      'logging.googleapis.com/trace_sampled': true,
    });
  },
  testTimeoutMs,
);

test('the logs tell a job’s story by its id: every act, every task, each with its trace', async () => {
  await lineOf({ operation: 'verifyJob', job_id: jobId });
  await lineOf({ route: '/internal/webhook-dispatch', event: 'job.completed', job_id: jobId });
  const story = lines().filter((line) => line.job_id === jobId && line.request_id !== undefined);
  expect(story.map(({ operation, event, route }) => operation ?? event ?? route)).toEqual(
    expect.arrayContaining([
      ...['proposeJob', 'acceptJob', 'fundJob', 'startJob', 'deliverJob', 'verifyJob'],
      ...['job.proposed', 'job.accepted', 'job.funded', 'job.started', 'job.delivered', 'job.completed'],
      '/internal/verification-run',
    ]),
  );
  for (const line of story)
    expect(line[traceField]).toMatch(/^projects\/agent-registry\/traces\/[0-9a-f]{32}$/);
});

test('no line and no span holds a secret, a signature or a body', async () => {
  const signatures = town.arrivals.flatMap(({ text }) =>
    [...text.matchAll(/^(?:webhook-signature|x-webhook-signature)\n(?:v1,)?(.+)$/gim)].map(
      ([, value = '']) => value,
    ),
  );
  const secrets = [
    ...[client, seller].flatMap(({ webhookSecret }) => [webhookSecret, webhookSecret.slice('whsec_'.length)]),
    ...signatures,
    ...secretsSent,
    treasure,
    stack.operatorKey,
    'output.text',
  ];
  expect(secrets.length).toBeGreaterThan(20);
  expect(secrets.filter((secret) => secret.length < 8)).toEqual([]);
  const told = [...stack.lines, ...collector.bodies];
  expect(told.length).toBeGreaterThan(20);
  for (const secret of secrets) expect(told.filter((text) => text.includes(secret))).toEqual([]);
});

test(
  'metrics of every service arrive, at the latest when it stops',
  async () => {
    await Promise.all((['api', 'dispatcher', 'test-runner'] as const).map((name) => stack.stopService(name)));
    for (const service of ['api', 'dispatcher', 'test-runner']) {
      expect(collector.metrics).toContainEqual({ service, name: 'http.server.request.duration' });
    }
    for (const [name, { services }] of Object.entries(METRICS))
      for (const service of services) expect(collector.metrics).toContainEqual({ service, name });
  },
  testTimeoutMs,
);
