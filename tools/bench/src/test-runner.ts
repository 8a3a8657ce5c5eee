import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer as createHttpServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createLogger } from '@agent-registry/service-kit';
import {
  createContext,
  createSandboxBackend,
  createServer,
  sandboxOptions,
} from '@agent-registry/test-runner';

const HELP = `Measures the test-runner over HTTP: bare interpreter, cold sandbox and warm pool of each runtime, beside each
other, then verdicts per second, then 1000 requests at once.

Cold: namespaces, file tree and interpreter are made for the request; only a bwrap that has joined its control
group may be in reserve, as in production. Warm: an interpreter waits in its sandbox.

  npx node --conditions=@agent-registry/source tools/bench/src/test-runner.ts [--runs N] [--seconds N] [--burst N]

  --runs     of each kind, one after the other (100)
  --seconds  for verdicts per second (5)
  --burst    requests at once in the last phase (1000)
`;

const verification = { testMs: 60_000, suiteMs: 300_000, memoryLimitMb: 256, runnerRequestMs: 330_000 };
/** Between runs, so that each finds the reserve or the pool full: what is measured is one request, not a stream of them. */
const refillMs = 100;

const RUNTIMES = [
  { name: 'javascript', source: 'exit(deliverable.n === 1 ? 0 : 1)', bare: null },
  { name: 'python:3', source: 'pass', bare: ['python3', '-c', 'pass'] },
  { name: 'node:24', source: '0', bare: [process.execPath, '-e', '0'] },
  { name: 'bash:5', source: ':', bare: ['bash', '-c', ':'] },
] as const;

interface Bench {
  readonly offered: readonly string[];
  readonly isolation: string;
  readonly slots: number;
  post(body: string): Promise<{ status: number; retryAfter: string | undefined }>;
  memoryMb(): { service: number; workers: number };
  close(): Promise<void>;
}

/** The whole service in this process, on a free port. */
async function open(poolSize?: number): Promise<Bench> {
  const options = sandboxOptions(verification, true);
  const sandbox = await createSandboxBackend(poolSize === undefined ? options : { ...options, poolSize });
  const log = createLogger({ service: 'bench', level: 'silent' });
  const context = await createContext({ log, verification, sandbox, verifyToken: () => Promise.resolve() });
  const server = createHttpServer(createServer(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
  return {
    offered: context.backends.flatMap(({ runtimes }) => runtimes.map(({ name }) => name)),
    isolation: JSON.stringify(context.isolation.map(({ backend, facts }) => [backend, facts.memory ?? null])),
    slots: context.limits.slots,
    post: async (body) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request({ port, agent, method: 'POST', path: '/internal/test-runs', headers });
      sent.end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      answer.resume();
      await once(answer, 'end');
      return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
    },
    memoryMb: () => ({
      service: shareOfMemoryMb(process.pid),
      workers: context.workerPids().reduce((sum, pid) => sum + shareOfMemoryMb(pid), 0),
    }),
    close: async () => {
      agent.destroy();
      server.close();
      await context.close();
    },
  };
}

/** A process's share of memory: pages that processes have in common, such as node's own, are counted once. */
function shareOfMemoryMb(pid: number): number {
  try {
    const [, kb] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
    return Number(kb ?? 0) / 1_024;
  } catch {
    return 0; // It has just been replaced.
  }
}

function bodyOf(runtime: string, source: string): string {
  const criteria = { script: Buffer.from(source).toString('base64'), runtime };
  const facts = { started_at: '2026-01-01T00:00:00Z', delivered_at: '2026-01-01T00:01:00Z' };
  return JSON.stringify({ run_id: 'bench', criteria, deliverable: { n: 1 }, facts });
}

/** Median and 95th percentile of each kind of work, ms: all kinds take turns, so that the machine's moods meet all of them. */
async function time(runs: number, kinds: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  const times: number[][] = kinds.map(() => []);
  for (let run = -5; run < runs; run += 1) {
    for (const [kind, work] of kinds.entries()) {
      await delay(refillMs);
      const started = performance.now();
      await work();
      if (run >= 0) times[kind]?.push(performance.now() - started);
    }
  }
  return times.map((taken) => {
    taken.sort((one, other) => one - other);
    const at = (share: number): string => taken[Math.floor((runs - 1) * share)]!.toFixed(1).padStart(7);
    return `${at(0.5)} ${at(0.95)}`;
  });
}

async function request200(bench: Bench, body: string): Promise<void> {
  const { status } = await bench.post(body);
  if (status !== 200) throw new Error(`status ${status}`);
}

async function runBare([command, ...args]: readonly string[]): Promise<void> {
  await once(spawn(command ?? '', args, { stdio: 'ignore', env: {} }), 'exit');
}

const none = '      –       –';

/** p50 and p95 of each runtime, with interpreters started for each request (cold) and kept waiting (warm). */
async function latencies(cold: Bench, warm: Bench, runs: number): Promise<void> {
  console.log(
    '\np50 and p95, ms   bare interpreter    cold sandbox        warm pool     (the last two: whole request)',
  );
  for (const { name, source, bare } of RUNTIMES) {
    if (!warm.offered.includes(name)) {
      console.log(`${name.padEnd(16)} is not offered on this machine`);
      continue;
    }
    const body = bodyOf(name, source);
    const pooled = () => request200(warm, body);
    const columns =
      bare === null
        ? [none, none, ...(await time(runs, [pooled]))]
        : await time(runs, [() => runBare(bare), () => request200(cold, body), pooled]);
    console.log(`${name.padEnd(16)} ${columns.join('     ')}`);
  }
}

async function throughput(bench: Bench, seconds: number): Promise<void> {
  console.log(`\nverdicts per second, ${bench.slots} slots`);
  for (const { name, source } of RUNTIMES.filter((runtime) => bench.offered.includes(runtime.name))) {
    const body = bodyOf(name, source);
    const until = performance.now() + seconds * 1_000;
    let verdicts = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < until) if ((await bench.post(body)).status === 200) verdicts += 1;
    };
    await Promise.all(Array.from({ length: bench.slots }, caller));
    console.log(`${name.padEnd(16)} ${(verdicts / seconds).toFixed(0).padStart(7)}`);
  }
}

async function burst(bench: Bench, size: number): Promise<void> {
  const body = bodyOf('javascript', RUNTIMES[0].source);
  let peak = bench.memoryMb();
  const watch = setInterval(() => {
    const now = bench.memoryMb();
    if (now.service + now.workers > peak.service + peak.workers) peak = now;
  }, 50);
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: size }, () => bench.post(body)));
  const tookMs = performance.now() - started;
  clearInterval(watch);
  const count = (wanted: (answer: (typeof answers)[number]) => boolean) => answers.filter(wanted).length;
  const verdicts = count(({ status }) => status === 200);
  const refused = count(({ status, retryAfter }) => status === 503 && retryAfter !== undefined);
  console.log(`\n${size} requests at once, answered in ${tookMs.toFixed(0)} ms`);
  console.log(
    `verdicts ${verdicts}, 503 with Retry-After ${refused}, anything else ${size - verdicts - refused}`,
  );
  const total = peak.service + peak.workers;
  const parts = `service with its callers ${peak.service.toFixed(0)}, workers ${peak.workers.toFixed(0)}`;
  console.log(`peak memory ${total.toFixed(0)} MiB (${parts}; target under 512)`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seconds: { type: 'string' },
      burst: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const runs = Number(values.runs ?? 100);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`machine: ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; load ${load}`);
  const cold = await open(0);
  const warm = await open();
  try {
    console.log(`isolation: ${warm.isolation}`);
    await latencies(cold, warm, runs);
    await cold.close();
    await throughput(warm, Number(values.seconds ?? 5));
    await burst(warm, Number(values.burst ?? 1_000));
  } finally {
    await warm.close();
  }
}

await main();
