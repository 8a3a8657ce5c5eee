// The storm: a chaos test. Thousands of events to many receivers while the parts that deliver them are killed repeatedly.
import { createWriteStream, type WriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { startE2eStack } from '../testing/stack.ts';
import { runStorm, type StormReport, stormOverrides } from './run-storm.ts';

const HELP = `Makes events on a whole stack of its own (queue profile: production), one receiver in ten dead, while the api, the
dispatcher, the Cloud Tasks emulator and Postgres are each killed with -9 at random, and Postgres fails over as often (takes no writes for
a while, or is restarted in order); then accounts for every one of them, and for the jobs that parties, an operator and time wanted to end at once.

  npx node tools/e2e/src/storm/main.ts [options]

  --events N    how many events (20000)
  --kills N     how often each of the four is killed, and Postgres fails over (10)
  --targets N   agents, each with a port of its own (50)
  --callers N   calls of the API at once (16)
  --seed N      of what is chosen at random: stories, parties, moments of kills (the time)
  --unit MS     the unit of the delays between attempts, 1000 in production (10)
  --log FILE    every line that a part writes
  --help

Ctrl-C ends it and leaves nothing behind. Exits with 1 when something was lost, is stuck or cannot be accounted for, as is what came
twice with no kill in between, or more often after one kill than were being sent at it; and names it.
`;
const FAULTS_SHOWN = 50;
const DRAIN_MS = 600_000;

function readNumbers(values: Record<string, string | boolean | undefined>) {
  const whole = (name: string, otherwise: number, least = 0): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (typeof text !== 'string' || !/^\d{1,9}$/.test(text) || Number(text) < least)
      throw new Error(`--${name} must be a whole number from ${least}, not ${text}`);
    return Number(text);
  };
  return {
    events: whole('events', 20_000, 1),
    kills: whole('kills', 10),
    targets: whole('targets', 50, 2),
    callers: whole('callers', 16, 1),
    seed: whole('seed', Date.now() % 1_000_000),
    unitMs: whole('unit', 10, 1),
  };
}

function summarise(report: StormReport): string {
  const { events, deliveries, kills, arrivals, duplicates, latency } = report;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const rate = (count: number, ms: number) => `${Math.round((count * 1_000) / ms)}/s`;
  const share = arrivals === 0 ? 0 : (100 * duplicates) / arrivals;
  return `
events        ${events} in ${seconds(report.producedMs)}, ${rate(events, report.producedMs)}
contests      ${report.contests} jobs that several wanted to end at once
deliveries    ${deliveries}: ${report.delivered} delivered, ${report.exhausted} exhausted, ${report.pending} pending
all settled   after ${seconds(report.drainedMs)}, ${rate(deliveries, report.drainedMs)}
arrivals      ${arrivals}, of which ${duplicates} had come before (${share.toFixed(2)} %)
kills         ${kills.length}; sent again after one: ${describeDuplicates(report)}
commit to receipt, ms: p50 ${latency.p50}, p95 ${latency.p95}, p99 ${latency.p99}
`;
}

/** By the part that was killed: how many were sent again after each kill. */
function describeDuplicates({ duplicatesByKill }: StormReport): string {
  return Object.entries(Object.groupBy(duplicatesByKill, ({ kill }) => kill.part))
    .map(([part, kills]) => `${part} ${kills.map(({ duplicates }) => duplicates).join(', ')}`)
    .join('; ');
}

/** Says how it went; whether it went well. */
function reportStorm(report: StormReport): boolean {
  const { faults } = report;
  console.log(summarise(report));
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`FAILED: ${fault}`);
  if (faults.length > FAULTS_SHOWN) console.log(`and ${faults.length - FAULTS_SHOWN} more`);
  if (faults.length === 0) console.log('Everything is accounted for.');
  return faults.length === 0;
}

async function main(values: Record<string, string | boolean | undefined>): Promise<boolean> {
  const numbers = readNumbers(values);
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stopping.abort(new Error(`ended by ${name}`)));
  const file: WriteStream | null = typeof values.log === 'string' ? createWriteStream(values.log) : null;
  const overrides = { ...stormOverrides(numbers.unitMs), ...(file === null ? {} : { LOG_LEVEL: 'info' }) };
  const stack = await startE2eStack(overrides, {
    queues: 'production',
    runner: false,
    signal,
    log: ({ service, line }) => void file?.write(`${service} ${line}\n`),
  });
  try {
    console.log(`seed ${numbers.seed}: ${JSON.stringify(numbers)}`);
    return reportStorm(
      await runStorm(stack, { ...numbers, drainMs: DRAIN_MS, signal, say: (line) => console.log(line) }),
    );
  } finally {
    await stack.remove();
    file?.end();
  }
}

const names = ['events', 'kills', 'targets', 'callers', 'seed', 'unit', 'log'];
try {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      help: { type: 'boolean' as const },
    },
  });
  if (values.help === true) process.stdout.write(HELP);
  else if (!(await main(values))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
