import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type AgentClient, register, type WebhookOf } from '@agent-registry/client';
import { openEndpoint, startE2eStack } from '@agent-registry/e2e/testing';
import type { Stack } from '@agent-registry/stack';

const HELP = `Measures webhooks from the commit of their event to their receipt, through a whole stack of its own.

  npx node --conditions=@agent-registry/source tools/bench/src/webhook-latency.ts [--rate N] [--seconds N] [--burst N]

  --rate     events a second, spread over 20 targets (20)
  --seconds  for how long, once with every target well and once with half of them hanging (20)
  --burst    events in the last phase, as fast as the API takes them (1000)
`;
const TARGETS = 20;
const BURST_CALLERS = 16;
const DRAIN_TIMEOUT_MS = 60_000;

interface Target {
  readonly client: AgentClient;
  hangs: boolean;
}

interface Receipt {
  readonly target: Target;
  readonly deliveryId: string;
  readonly atMs: number;
  /** From the commit, by the timestamp in the event, which is taken as its transaction begins. */
  readonly latencyMs: number;
}

/** A seller with an endpoint that answers at once, or never. It has a port of its own: the dispatcher is fair by origin. */
async function openTarget(stack: Stack, name: string, receipts: Receipt[]) {
  const endpoint = await openEndpoint(({ headers }, body, answer) => {
    const atMs = Date.now();
    if (target.hangs) return; // Until the dispatcher has had enough.
    answer(204);
    const deliveryId = String(headers['webhook-id']);
    const { timestamp } = JSON.parse(body) as WebhookOf;
    receipts.push({ target, deliveryId, atMs, latencyMs: atMs - Date.parse(timestamp) });
  });
  const profile = { display_name: name, endpoint_url: endpoint.url };
  const { client } = await register({ baseUrl: stack.apiUrl }, profile);
  const target: Target = { client, hangs: false };
  return { target, close: endpoint.close };
}

/** Sellers, and what reached them. */
async function openTargets(stack: Stack) {
  const receipts: Receipt[] = [];
  const opened: Awaited<ReturnType<typeof openTarget>>[] = [];
  for (let index = 0; index < TARGETS; index += 1)
    opened.push(await openTarget(stack, `target ${index}`, receipts));
  const close = () => {
    for (const one of opened) void one.close();
  };
  return { targets: opened.map(({ target }) => target), receipts, close };
}

type Targets = Awaited<ReturnType<typeof openTargets>>;

/** A ping: an event that costs a target nothing and needs nobody else. */
async function ping(target: Target): Promise<string> {
  const { delivery_id } = await target.client.testWebhook({});
  return delivery_id;
}

/** Pings at a steady rate all targets in turn, whether or not the one before has been answered. */
async function steadily(targets: readonly Target[], rate: number, seconds: number) {
  const calls: Promise<string>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < rate * seconds; index += 1) {
    await delay(Math.max(0, startedAt + (index * 1000) / rate - performance.now()));
    calls.push(ping(targets[index % targets.length]!));
  }
  return Promise.all(calls);
}

async function atOnce(targets: readonly Target[], events: number) {
  const deliveryIds: string[] = [];
  let next = 0;
  const caller = async () => {
    while (next < events) {
      next += 1;
      deliveryIds.push(await ping(targets[next % targets.length]!));
    }
  };
  await Promise.all(Array.from({ length: BURST_CALLERS }, caller));
  return deliveryIds;
}

/** The first receipt of each event for a target that answers, once they are all there. */
async function receiptsOf(
  { receipts }: Targets,
  deliveryIds: readonly string[],
  expected: number,
): Promise<Receipt[]> {
  const wanted = new Set(deliveryIds);
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const first = new Map<string, Receipt>();
    for (const receipt of receipts) {
      if (wanted.has(receipt.deliveryId) && !first.has(receipt.deliveryId))
        first.set(receipt.deliveryId, receipt);
    }
    const found = [...first.values()].filter(({ target }) => !target.hangs);
    if (found.length >= expected) return found;
    if (performance.now() > deadline)
      throw new Error(`${expected - found.length} of ${expected} events did not arrive`);
    await delay(50);
  }
}

function percentiles(receipts: readonly Receipt[]) {
  const sorted = receipts.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
}

function show(phase: string, { p50, p95, p99, count }: ReturnType<typeof percentiles>): void {
  const cells = [count, p50, p95, p99].map((value) => String(value).padStart(7)).join('');
  console.log(`${phase.padEnd(34)}${cells}`);
}

async function measure(stack: Stack, options: { rate: number; seconds: number; burst: number }) {
  const town = await openTargets(stack);
  try {
    await receiptsOf(town, await steadily(town.targets, TARGETS, 2), TARGETS * 2); // To warm up.
    const live = town.targets.filter((_, index) => index % 2 === 0);
    const isLive = ({ target }: Receipt) => live.includes(target);
    const events = options.rate * options.seconds;
    console.log(`\n${'phase'.padEnd(34)} events    p50    p95    p99   (ms)`);

    const calm = await steadily(town.targets, options.rate, options.seconds);
    const calmly = percentiles((await receiptsOf(town, calm, events)).filter(isLive));
    show('every target answers', calmly);

    for (const target of town.targets) target.hangs = !live.includes(target);
    const stormy = await steadily(town.targets, options.rate, options.seconds);
    const half = await receiptsOf(town, stormy, Math.ceil(events / 2));
    const beside = percentiles(half);
    show('half of them hang: the others', beside);
    console.log(`p95 of the others is ${(beside.p95 / calmly.p95).toFixed(2)} × what it is when none hangs`);

    const burst = await atOnce(live, options.burst);
    const arrived = await receiptsOf(town, burst, options.burst);
    show(`${options.burst} at once, beside the hanging`, percentiles(arrived));
    const times = arrived.map(({ atMs }) => atMs);
    const spanMs = arrived.reduce((most, one) => Math.max(most, one.atMs), 0) - Math.min(...times);
    console.log(`${Math.round((arrived.length * 1000) / spanMs)} deliveries per second`);
  } finally {
    town.close();
  }
}

const { values } = parseArgs({
  options: {
    rate: { type: 'string' },
    seconds: { type: 'string' },
    burst: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) {
  process.stdout.write(HELP);
} else {
  const stack = await startE2eStack();
  try {
    console.log(`machine: ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}`);
    await measure(stack, {
      rate: Number(values.rate ?? 20),
      seconds: Number(values.seconds ?? 20),
      burst: Number(values.burst ?? 1_000),
    });
  } finally {
    await stack.remove();
  }
}
