import { z } from 'zod';
import { hexHash, pageOf, pageQuery, uuid } from '../common.ts';
import { REJUDGEMENT_STATUSES, recall, recalledVerdict, recalledVerdictInFull } from '../recall.ts';
import { contract, note, operatorCall } from './contract.ts';

/** A leaf of the log has room for so much, however it is escaped. */
const REASON_CHARS_MAX = 200;
const REJUDGE_MAX = 100;

export const operatorOpenRecall = contract({
  route: 'POST /operator/recalls',
  summary: 'Recall a runner',
  description:
    'Names a test-runner that was found faulty, by the digest that its verdicts carry. The public log says so at once. Jobs and money stay as they are: ' +
    'have its verdicts judged anew to learn which were wrong.',
  ...operatorCall,
  body: z.object({
    runner_digest: hexHash.describe('The `runner.digest` of its verdicts'),
    reason: z
      .string()
      .min(1)
      .max(REASON_CHARS_MAX)
      .refine((text) => !/\p{Cc}/u.test(text), 'may have no control characters')
      .describe('What is wrong with it; everybody reads it in the log'),
    note,
  }),
  response: recall,
  errors: ['not_found', 'invalid_state'],
  example: {
    runner_digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    reason: 'Regular expressions matched without anchors.',
    note: 'Incident 12',
  },
});

export const operatorListVerdicts = contract({
  route: 'GET /operator/verdicts',
  summary: 'List the verdicts of a runner',
  description:
    'Every verdict that one test-runner gave, in the order of the deliveries, whether it is recalled or not: who a recall of it would concern.',
  ...operatorCall,
  query: z.object({
    ...pageQuery,
    runner_digest: hexHash.describe('The `runner.digest` of the verdicts'),
  }),
  response: pageOf(recalledVerdict),
});

export const operatorListRecalls = contract({
  route: 'GET /operator/recalls',
  summary: 'List recalls',
  description: 'Every runner that was recalled, the newest first, and how many of its verdicts turned.',
  ...operatorCall,
  query: z.object({ ...pageQuery }),
  response: pageOf(recall),
});

export const operatorGetRecall = contract({
  route: 'GET /operator/recalls/:recall_id',
  summary: 'Look at a recall',
  description: 'One recall, however old it is, and how many of its verdicts turned.',
  ...operatorCall,
  response: recall,
  errors: ['not_found'],
});

export const operatorListRecalledVerdicts = contract({
  route: 'GET /operator/recalls/:recall_id/verdicts',
  summary: 'List the verdicts of a recalled runner',
  description:
    'Every verdict that the runner gave, in the order of the deliveries, and what is known of it since. `status=turned` are the open cases.',
  ...operatorCall,
  query: z.object({
    ...pageQuery,
    status: z.enum(REJUDGEMENT_STATUSES).optional().describe('Only those of which this is known'),
  }),
  response: pageOf(recalledVerdict),
  errors: ['not_found'],
});

export const operatorGetRecalledVerdict = contract({
  route: 'GET /operator/recalls/:recall_id/verdicts/:run_id',
  summary: 'Look at a verdict of a recalled runner',
  description: 'What is known of it since, and what the current runner found, test by test.',
  ...operatorCall,
  response: recalledVerdictInFull,
  errors: ['not_found'],
});

export const operatorRejudge = contract({
  route: 'POST /operator/recalls/:recall_id/rejudge',
  summary: 'Have verdicts judged anew',
  description:
    'The current runner judges the same deliverable by the same suite, when no delivery waits. Where the verdict turns both parties hear of it by ' +
    '`job.verdict_recalled`, and an operator’s case opens; the job and its money stay as they are. What waits or has turned already is left alone. ' +
    'A verdict whose deliverable a later delivery replaced cannot be judged anew. While the current runner is itself recalled, none is judged: it becomes `unavailable`, and may be asked for again.',
  ...operatorCall,
  body: z.object({
    run_ids: z.array(uuid).min(1).max(REJUDGE_MAX).describe('Runs of the list of its verdicts, 100 at most'),
    note,
  }),
  response: z
    .object({
      asked: z.number().int().describe('How many are judged anew'),
      unavailable: z.number().int().describe('How many cannot be: their deliverable was replaced'),
      left: z.number().int().describe('How many wait already, or have turned'),
    })
    .meta({ id: 'AskedRejudgements', description: 'What came of asking' }),
  errors: ['not_found'],
});

export const operatorCloseRecallCase = contract({
  route: 'POST /operator/recalls/:recall_id/verdicts/:run_id/close',
  summary: 'Close the case of a verdict that turned',
  description:
    'Ends the case. Where a party was compensated, name the deposit by its reference: it must have gone to one of the two, after the verdict turned, and it counts for one ' +
    'case. The reference and the amount are opened to both parties by their receipt, the reference alone is public in the log.',
  ...operatorCall,
  body: z.object({
    reference: z
      .string()
      .min(1)
      .max(128)
      .nullable()
      .describe('Of the operator’s deposit that compensates a party; null for none'),
    note,
  }),
  response: recalledVerdict,
  errors: ['not_found', 'invalid_state', 'duplicate_reference'],
});
