import { createSandboxBackend } from '../../src/sandbox/index.ts';
import { maxLimits } from './attack-limits.ts';
import { attacks } from './attacks.ts';
import { layBait } from './bait.ts';
import { findLeftovers } from './leftovers.ts';
import { runAttacks } from './run-attacks.ts';

// Run as a program of its own, so that the suite can be put to the sandbox as another user: prints one JSON
// object with what was found. Interpreters that wait are attacked here; elsewhere they start with their script.
const atOnce = 2;
const laid = await layBait();
const sizes = { poolSize: atOnce, concurrency: atOnce };
const { backend, report } = await createSandboxBackend({ maxLimits, allowWatchdog: true, ...sizes });
const flaws = backend === null ? {} : await runAttacks(backend, attacks, laid.bait, atOnce);
await backend?.close();
laid.remove();
const { processes, directories, groups } = findLeftovers();
process.stdout.write(JSON.stringify({ report, flaws, left: { processes, directories, groups } }));
