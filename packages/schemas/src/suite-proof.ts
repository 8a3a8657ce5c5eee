import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { runnerIdentity } from './test-run.ts';

/** What a seller sees of a suite's proof before it accepts. */
export const suiteProof = z
  .object({
    proof_id: uuidOut.describe('The check it comes from'),
    statement: z.string().meta({ description: 'What was shown, in one sentence' }),
    repeats: z.int().describe('How often each sample was run'),
    deterministic: z.boolean().describe('Whether all repeats agreed'),
    forgeable: z.boolean().describe('Whether a cheat got PASS'),
    cheats_tried: z.int().describe('Cheats that were tried'),
    cheats_passed: z.array(z.string()).meta({ description: 'The names of those that got PASS' }),
    runner: runnerIdentity.describe('Which test-runner computed the verdicts'),
    expires_at: timeOut.describe('Until when a proposal may name it'),
  })
  .meta({ id: 'SuiteProof', description: 'What a check has shown of the client’s criteria' });
export type SuiteProof = z.infer<typeof suiteProof>;
