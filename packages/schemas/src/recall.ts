import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { JOB_STATUSES, verificationRun } from './job.ts';

/** What is known of a verdict of a recalled runner since somebody asked. `turned` is an operator's open case, `closed` one that ended. */
export const REJUDGEMENT_STATUSES = [
  'waiting',
  'running',
  'same',
  'turned',
  'unavailable',
  'closed',
] as const;
export type RejudgementStatus = (typeof REJUDGEMENT_STATUSES)[number];

const count = z.number().int();
const verdict = z.enum(['pass', 'fail']);

export const recall = z
  .object({
    recall_id: uuidOut.describe('Names the recall'),
    runner_digest: z.string().describe('The runner that was found faulty'),
    reason: z.string().describe('What is wrong with it, as everybody reads it in the log'),
    verdicts: count.describe('Verdicts it had given when it was recalled'),
    created_at: timeOut.describe('When it was recalled'),
    rejudged: z
      .object({
        waiting: count.describe('Asked for, and not judged yet'),
        same: count.describe('Judged anew with the same verdict'),
        turned: count.describe('Judged anew with the other verdict: open cases'),
        closed: count.describe('Cases that an operator closed'),
        unavailable: count.describe('That cannot be judged anew'),
      })
      .describe('What became of its verdicts since'),
  })
  .meta({ id: 'Recall', description: 'A runner found faulty, and what became of its verdicts' });

export const recalledVerdict = z
  .object({
    run_id: uuidOut.describe('The run whose verdict it is'),
    job_id: uuidOut.describe('The job'),
    job_status: z.enum(JOB_STATUSES).describe('Where the job stands; a recall leaves it there'),
    client_agent_id: uuidOut.describe('Who pays'),
    seller_agent_id: uuidOut.describe('Who is paid'),
    delivery: count.describe('Which delivery was judged, from 1'),
    verdict: verdict.describe('The verdict as it was given'),
    judged_at: timeOut.nullable().describe('When it was given'),
    has_deliverable: z
      .boolean()
      .describe('Whether what was judged is still there: the next delivery takes its place'),
    status: z
      .enum(REJUDGEMENT_STATUSES)
      .nullable()
      .describe(
        'What is known since: null where nobody asked, turned is an open case, closed one that an operator ended',
      ),
    new_verdict: verdict.nullable().describe('The verdict of the current runner'),
    new_summary: z.string().nullable().describe('How many tests passed there'),
    new_runner: z
      .object({
        version: z.string().describe('Its version'),
        digest: z.string().describe('Identifies its code and interpreters'),
      })
      .nullable()
      .describe('The runner that gave it'),
    unavailable_reason: z.string().nullable().describe('Why it cannot be judged anew'),
    requested_at: timeOut.nullable().describe('When it was last asked for'),
    rejudged_at: timeOut.nullable().describe('When it was judged anew, or given up'),
    reference: z.string().nullable().describe('Of the deposit that compensates a party'),
    note: z.string().nullable().describe('What the operator said of the case'),
    closed_at: timeOut.nullable().describe('When the case was closed'),
  })
  .meta({
    id: 'RecalledVerdict',
    description: 'A verdict of a recalled runner, and what is known of it since',
  });

export const recalledVerdictInFull = recalledVerdict
  .extend({
    new_results: verificationRun.shape.results.describe('What the current runner found, test by test'),
  })
  .meta({ id: 'RecalledVerdictInFull', description: 'The same, with what the current runner found' });
