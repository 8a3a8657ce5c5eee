import { createSandboxBackend } from '../index.ts';
import { attackLimits, maxLimits } from './attack-limits.ts';

// A runner as a program of its own, with a script that sleeps and an interpreter that waits, to be killed.
const { backend } = await createSandboxBackend({
  maxLimits,
  allowWatchdog: true,
  poolSize: 1,
  concurrency: 2,
});
const job = {
  runtime: 'bash:5',
  script: Buffer.from('setsid sleep 600 & sleep 600'),
  deliverableJson: Buffer.from('null'),
  limits: { ...attackLimits, wallMs: 600_000 },
} as const;
await backend?.run(job, new AbortController().signal);
