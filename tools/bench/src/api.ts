import { randomInt } from 'node:crypto';
import { Agent, request } from 'node:http';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { register } from '@agent-registry/client';
import { startE2eStack } from '@agent-registry/e2e/testing';
import {
  generateKeyPair,
  requestMessage,
  signMessage,
  signRequest,
  verifyRequest,
} from '@agent-registry/signing';
import type { Stack } from '@agent-registry/stack';
import { COMMON_WORD, RARE_WORD } from './market.ts';
import { seedListings } from './seed-listings.ts';

const HELP = `Measures the API over HTTP through a whole stack of its own: requests a second, and how long one takes.

  npx node --conditions=@agent-registry/source tools/bench/src/api.ts [--seconds N] [--callers N] [--listings N]

  --seconds   for how long each kind of request is made (5)
  --callers   how many at once, each on a connection of its own (8)
  --listings  how many to search (10000)
`;
const WARM_UP_SECONDS = 1;
const SIGNATURES = 500;

interface Sendable {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface Wanted {
  readonly name: string;
  readonly status: number;
  make(): Sendable;
  /** What takes back what the request did, not timed, where only so much of it may stand. */
  undo?(answer: string): Sendable;
}

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '5' },
      callers: { type: 'string', default: '8' },
      listings: { type: 'string', default: '10000' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  describeMachine();
  const stack = await startE2eStack({ LOG_LEVEL: 'warn' });
  try {
    await seedListings({ url: stack.database.url('superuser'), listings: Number(values.listings) });
    await measure(stack, { seconds: Number(values.seconds), callers: Number(values.callers) });
  } finally {
    await stack.remove();
  }
}

/** What the figures are to be held against: the machine, and what a signature alone costs on it. */
function describeMachine(): void {
  const [cpu] = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(1);
  console.log(`machine: ${cpus().length} × ${cpu?.model}; ${gibibytes} GiB; Node ${process.version}`);
  console.log(
    `load before: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')} (callers and services share the cores)`,
  );
  const { publicKey, privateKey } = generateKeyPair();
  const message = requestMessage({ timestamp: 't', method: 'GET', path: '/', body: Buffer.alloc(0) });
  const signature = signMessage(privateKey, message);
  const signMicros = microsOf(() => void signMessage(privateKey, message));
  const verifyMicros = microsOf(() => void verifyRequest({ publicKey, signature, message }));
  console.log(
    `Ed25519: ${signMicros} µs to sign, ${verifyMicros} µs to verify (the API verifies twice a request)`,
  );
}

function microsOf(work: () => void): number {
  work();
  const startedAt = performance.now();
  for (let run = 0; run < SIGNATURES; run += 1) work();
  return Math.round(((performance.now() - startedAt) * 1_000) / SIGNATURES);
}

async function measure(stack: Stack, options: { seconds: number; callers: number }): Promise<void> {
  const { agent, keys, client } = await register({ baseUrl: stack.apiUrl }, { display_name: 'bench' });
  const seller = await register({ baseUrl: stack.apiUrl }, { display_name: 'bench seller' });
  await client.depositCredits({ amount: '1000.00' });
  const sign = (method: string, path: string, body = '') =>
    signRequest({
      agentId: agent.agent_id,
      privateKey: keys.privateKey,
      method,
      path,
      body: Buffer.from(body),
      // Digits below the millisecond tell equal requests apart, which would count as one.
      timestamp: new Date().toISOString().replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`),
    });
  const wanted = requestsOf(agent.agent_id, seller.agent.agent_id, sign);
  console.log(
    `\n${'request'.padEnd(34)}${['per s', 'p50', 'p95', 'p99'].map((name) => name.padStart(9)).join('')}   (ms)`,
  );
  for (const one of wanted) {
    await hammer(stack.apiUrl, one, { ...options, seconds: WARM_UP_SECONDS });
    show(one.name, await hammer(stack.apiUrl, one, options));
  }
}

type Sign = (method: string, path: string, body?: string) => Record<string, string>;

function requestsOf(agentId: string, sellerId: string, sign: Sign): Wanted[] {
  const get = (path: string) => () => ({ method: 'GET', path });
  const signedGet = (path: string) => () => ({ method: 'GET', path, headers: sign('GET', path) });
  const signedPost = (path: string, content: object) => () => {
    const body = JSON.stringify(content);
    return { method: 'POST', path, body, headers: sign('POST', path, body) };
  };
  const proposal = { seller_agent_id: sellerId, max_budget: '1.00' };
  return [
    { name: 'GET /health, the floor', status: 200, make: get('/health') },
    { name: 'GET an agent, unsigned', status: 200, make: get(`/v1/agents/${agentId}`) },
    { name: 'GET the balance, signed', status: 200, make: signedGet(`/v1/agents/${agentId}/balance`) },
    {
      name: 'POST a deposit, signed',
      status: 200,
      make: signedPost(`/v1/agents/${agentId}/deposit`, { amount: '0.01' }),
    },
    {
      name: 'POST a proposal, with its tasks',
      status: 201,
      make: signedPost('/v1/jobs', proposal),
      undo: (answer) =>
        signedPost(`/v1/jobs/${(JSON.parse(answer) as { job_id: string }).job_id}/cancel`, {})(),
    },
    { name: 'GET /discover, no words', status: 200, make: get('/v1/discover') },
    { name: 'GET /discover, a common word', status: 200, make: get(`/v1/discover?q=${COMMON_WORD}`) },
    { name: 'GET /discover, a rare word', status: 200, make: get(`/v1/discover?q=${RARE_WORD}`) },
  ];
}

/** So many callers for so long, each asking again as soon as it is answered. */
async function hammer(
  url: string,
  wanted: Wanted,
  { seconds, callers }: { seconds: number; callers: number },
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const times: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  const caller = async () => {
    while (performance.now() < endsAt) {
      const askedAt = performance.now();
      const { status, answer } = await ask(url, agent, wanted.make());
      if (status !== wanted.status) throw new Error(`${wanted.name} answered ${status}`);
      times.push(performance.now() - askedAt);
      if (wanted.undo !== undefined) await ask(url, agent, wanted.undo(answer));
    }
  };
  try {
    await Promise.all(Array.from({ length: callers }, caller));
  } finally {
    agent.destroy();
  }
  const spanSeconds = (performance.now() - startedAt) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { perSecond: times.length / spanSeconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function ask(
  url: string,
  agent: Agent,
  { method, path, body, headers = {} }: Sendable,
): Promise<{ status: number; answer: string }> {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, agent, headers: { ...headers, ...type } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, answer: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.once('error', reject).end(body);
  });
}

function show(name: string, { perSecond, p50, p95, p99 }: Figures): void {
  const cells = [perSecond.toFixed(0), p50.toFixed(1), p95.toFixed(1), p99.toFixed(1)];
  console.log(`${name.padEnd(34)}${cells.map((cell) => cell.padStart(9)).join('')}`);
}

await main();
