import { z } from 'zod';
import { json } from '../common.ts';
import { criteriaCheck, EXPECTATIONS } from '../criteria-check.ts';
import { contract, signedRead } from './contract.ts';

export const checkCriteria = contract({
  route: 'POST /criteria/check',
  tag: 'Criteria',
  summary: 'Try acceptance criteria',
  description:
    'Runs criteria on samples and on a battery of cheats before a job depends on them. The test-runner runs them as it does on a delivery, when no delivery waits; `latency_lte` reads `skipped` and counts as met. Waits as `POST /jobs/{job_id}/verify` does: 200 when it is finished, 202 with the check as it stands. At most 20 checks and 300 runner-seconds per agent and day; what is sent is kept for a day and shown to nobody else.',
  access: 'signed',
  rate: 'write',
  body: z.object({
    acceptance_criteria: json
      .refine((value) => value !== undefined && value !== null, { message: 'is required' })
      .describe('As on a proposal'),
    hidden_cases: json.optional().meta({
      description: 'As on a proposal: the cases that its program tests promise with `hidden`. Kept sealed',
    }),
    samples: z
      .array(
        z.object({
          name: z.string().min(1).max(100).describe('Names the sample in the answer'),
          result: json
            .refine((value) => value !== undefined, { message: 'is required' })
            .meta({ description: 'A deliverable, any JSON of at most 512 KiB' }),
          expect: z.enum(EXPECTATIONS).describe('What its verdict should be'),
        }),
      )
      .max(6)
      .refine((samples) => new Set(samples.map(({ name }) => name)).size === samples.length, {
        message: 'must have different names',
      })
      .default([])
      .describe('Deliverables to test: good ones and bad ones'),
    repeats: z.int().min(1).max(5).default(1).meta({ description: 'How often each sample is run' }),
  }),
  response: criteriaCheck,
  alsoAnswers: { 202: criteriaCheck },
  waits: true,
  errors: ['storage_budget', 'unavailable'],
  example: {
    acceptance_criteria: {
      tests: [{ test_id: 'sum', type: 'assertion', params: { expression: 'output.sum == 42.0' } }],
    },
    samples: [
      { name: 'reference', result: { sum: 42 }, expect: 'pass' },
      { name: 'stub', result: { sum: 0 }, expect: 'fail' },
    ],
    repeats: 2,
  },
});

export const getCriteriaCheck = contract({
  route: 'GET /criteria/checks/:check_id',
  tag: 'Criteria',
  summary: 'Get a check of criteria',
  description: 'For the agent that asked for it: for a day, or while its proof holds.',
  ...signedRead,
  response: criteriaCheck,
  errors: ['not_found'],
});
