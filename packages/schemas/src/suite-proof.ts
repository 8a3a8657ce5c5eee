import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { runnerIdentity } from './test-run.ts';

/** What a seller sees of a suite's proof before it accepts. */
export const suiteProof = z
  .object({
    proof_id: uuidOut,
    statement: z.string().meta({ description: 'What was shown, in one sentence' }),
    repeats: z.int(),
    deterministic: z.boolean(),
    forgeable: z.boolean(),
    cheats_tried: z.int(),
    cheats_passed: z.array(z.string()).meta({ description: 'The names of those that got PASS' }),
    runner: runnerIdentity,
    expires_at: timeOut,
  })
  .meta({ id: 'SuiteProof' });
export type SuiteProof = z.infer<typeof suiteProof>;
