import { createSandboxBackend } from '../../src/sandbox/index.ts';
import { maxLimits } from './attack-limits.ts';
import { scriptJob } from './script-job.ts';

// A runner as a program of its own, to be killed: with a script that sleeps and interpreters that wait, or, told to be
// `launching`, with scripts that are each given up in the middle of their start.
const isLaunching = process.argv[2] === 'launching';
const { backend } = await createSandboxBackend({
  maxLimits,
  allowWatchdog: true,
  poolSize: isLaunching ? 0 : 1,
  concurrency: 3,
});
const job = scriptJob('setsid sleep 600 & sleep 600', { wallMs: 600_000 });
const launch = async () => {
  for (;;) {
    await backend?.run(job, AbortSignal.timeout(10)).catch(() => undefined);
  }
};
process.stdout.write('up\n');
await (isLaunching
  ? Promise.all([launch(), launch(), launch()])
  : backend?.run(job, new AbortController().signal));
