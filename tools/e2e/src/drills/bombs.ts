// The bomb drill: one agent delivers bombs as fast as it may while another's long script must still pass, and both services answer.
import { parseArgs } from 'node:util';
import { startE2eStack } from '../testing/index.ts';
import { type BombReport, runBombs } from './testing/run-bombs.ts';

const HELP = `One agent delivers a bomb every 100 ms (endless loops, floods of memory, of processes and of output, a regular expression's
product); another's script of 4 s with a limit of 4.6 s is run again and again, and /health of API and runner is asked every 100 ms.
The jobs that the bombs are delivered in are made before.

  npx node tools/e2e/src/drills/bombs.ts [options]

  --rounds N     how often the honest script is run (20)
  --every MS     between two bombs (100)
  --help

The honest script's time runs from the answer to its delivery to its verdict. 'npm run drill -- bombs' is a short form without a bound on times.
Exits with 1 when a round did not pass, or when a /health took longer than 100 ms.
`;
const HEALTH_MS = 100;

function tell({ rounds, bombs, health }: BombReport): boolean {
  const passed = rounds.filter(({ verdict }) => verdict === 'pass');
  const row = (name: string, ...columns: (string | number)[]) =>
    console.log([name.padEnd(22), ...columns.map((column) => String(column).padStart(12))].join(''));
  const waits = rounds.map(({ ms }) => Math.round(ms)).toSorted((a, b) => a - b);
  row('', 'passed', 'of', 'p50 ms', 'longest ms');
  const median = waits[Math.floor(waits.length / 2)] ?? 0;
  row('honest script', passed.length, rounds.length, median, waits.at(-1) ?? 0);
  row('', 'answers', 'failed', 'p50 ms', 'p99 ms', 'longest ms');
  for (const [name, { ms, failed }] of Object.entries(health)) {
    const sorted = [...ms].sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    row(`/health of ${name}`, sorted.length, failed, at(0.5), at(0.99), at(1));
  }
  for (const [what, count] of Object.entries(bombs)) row(`bombs ${what}`, count);
  for (const { verdict, message } of rounds)
    if (verdict !== 'pass') console.log(`FAILED: ${verdict}: ${message}`);
  const late = Object.values(health).some(({ ms, failed }) => failed > 0 || Math.max(...ms) > HEALTH_MS);
  if (late) console.log(`FAILED: a /health took longer than ${HEALTH_MS} ms`);
  return passed.length === rounds.length && !late;
}

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, every: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help === true) {
  process.stdout.write(HELP);
} else {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stopping.abort(new Error(`ended by ${name}`)));
  const stack = await startE2eStack({ VERDICT_FAIL_STEP_SECONDS: '0' }, { signal: stopping.signal });
  try {
    const report = await runBombs(stack, {
      rounds: Number(values.rounds ?? 20),
      everyMs: Number(values.every ?? 100),
      signal: stopping.signal,
      say: (line) => console.error(line),
    });
    process.exitCode = tell(report) ? 0 : 1;
  } finally {
    await stack.remove();
  }
}
