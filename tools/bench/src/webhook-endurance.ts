import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '@agent-registry/stack';
import { ENDURANCE_ENVIRONMENT, judgeEndurance, VICTIMS } from './endurance-rules.ts';
import { endureWebhooks } from './endure-webhooks.ts';

const HELP = `Kills the dispatcher, the emulator and Postgres with -9 at random moments while events are recorded for targets of which
one in ten is dead; then compares what receivers got with the registry's books. Exits 1 if anything was lost.

  node --conditions=@agent-registry/source tools/bench/src/webhook-endurance.ts [--events N] [--kills N] [--seed N]

  --events   to record (20000)
  --kills    of each of the three (10)
  --seed     of the random moments (1)
`;
const TARGETS = 40;
const DEAD_EVERY = 10;
const DRAIN_MS = 15 * 60_000;
const SETTLE_MS = 5 * 60_000;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-registry-endurance-'));
  chmodSync(dataDir, 0o711); // Postgres, which root lends another account, must be able to pass.
  try {
    const stack = await startStack({ dataDir, ports: 'free', overrides: ENDURANCE_ENVIRONMENT });
    try {
      const report = await endureWebhooks(stack, {
        events: Number(values.events),
        targets: TARGETS,
        deadEvery: DEAD_EVERY,
        kills: Number(values.kills),
        victims: VICTIMS,
        seed: Number(values.seed),
        drainMs: DRAIN_MS,
        settleMs: SETTLE_MS,
        say: (line) => process.stdout.write(`${line}\n`),
      });
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      const faults = judgeEndurance(report);
      for (const fault of faults) process.stderr.write(`${fault}\n`);
      process.exitCode = faults.length === 0 ? 0 : 1;
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (values.help) process.stdout.write(HELP);
else await main();
