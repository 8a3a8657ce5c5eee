import { createSandboxBackend } from '../index.ts';
import { attackLimits, maxLimits } from './attack-limits.ts';

// A runner as a program of its own that starts scripts and gives each up in the middle of its start, to be killed.
const { backend } = await createSandboxBackend({
  maxLimits,
  allowWatchdog: true,
  poolSize: 0,
  concurrency: 3,
});
const job = {
  runtime: 'bash:5',
  script: Buffer.from('setsid sleep 600 & sleep 600'),
  deliverableJson: Buffer.from('null'),
  limits: { ...attackLimits, wallMs: 600_000 },
} as const;
const launch = async () => {
  for (;;) {
    await backend?.run(job, AbortSignal.timeout(10)).catch(() => undefined);
  }
};
process.stdout.write('launching\n');
await Promise.all([launch(), launch(), launch()]);
