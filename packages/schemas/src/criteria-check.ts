import { z } from 'zod';
import { json, timeOut, uuidOut } from './common.ts';
import { visibleResult } from './job.ts';
import { effectiveLimits, runnerIdentity, testOutcomes, testVerdict } from './test-run.ts';

export const CHECK_STATUSES = ['pending', 'running', 'finished', 'unavailable'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];
export const checkStatus = z
  .enum(CHECK_STATUSES)
  .meta({ id: 'CheckStatus', description: 'Where a check stands' });

/** Why a check could not be finished. */
export const CHECK_REASONS = {
  time: 'it could not be run within an hour: the test-runner was out of reach, or deliveries came first',
  runner_seconds: 'the 300 runner-seconds of a day were used up before it was finished',
  unreadable: 'what it needs could not be read again',
} as const;
export type CheckReason = keyof typeof CHECK_REASONS;

export const EXPECTATIONS = ['pass', 'fail'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

const checkOutcome = z.object({
  test_id: z.string().describe('As in the criteria'),
  outcome: z.enum(Object.keys(testOutcomes) as [keyof typeof testOutcomes]).describe('How it ended'),
  exit_code: z.int().nullable().describe('Of a script; null where none ran'),
});
/** How a test ended, as far as repeats must agree in it. */
export type CheckOutcome = z.infer<typeof checkOutcome>;

const checkReport = z.object({
  verdict: testVerdict.describe('What a delivery of this sample would get'),
  results: z.array(visibleResult).describe('One entry per test, texts cut to 4,096 characters'),
  summary: z.string().describe('The verdict in a sentence'),
  deliverable_hash: z.string().describe('SHA-256 of the sample in RFC 8785 form, in hex'),
  isolation: json.describe('How the code was isolated'),
  usage: json.describe('Time, processor time and memory of each test'),
  effective_limits: z
    .array(effectiveLimits)
    .optional()
    .describe('Limits given where the suite asked for more'),
});
/** What the test-runner said of a sample, its texts cut to 4,096 characters each. */
export type CheckReport = z.infer<typeof checkReport>;

const sampleFinding = z.object({
  name: z.string().describe('As it was sent'),
  expect: z.enum(EXPECTATIONS).describe('As it was sent'),
  as_expected: z.boolean().meta({ description: 'Whether every repeat had the verdict that was expected' }),
  deterministic: z.boolean().nullable().meta({
    description:
      'Whether all repeats agree in the verdict and in each outcome and exit code, and no clock ended a test; null for a single run that says nothing against it',
  }),
  repeats: z
    .array(
      z.object({
        verdict: testVerdict.describe('Of this repeat'),
        tests: z.array(checkOutcome).describe('How each test ended'),
        runner_ms: z.number().describe('Milliseconds that it took'),
      }),
    )
    .describe('One entry per run'),
});

const cheatFinding = z.object({
  name: z.string().describe('Which cheat'),
  passed: z.boolean().meta({ description: 'true: the suite can be passed without the work' }),
});

/** What a finished check found, without the reports. */
export const checkFindings = z.object({
  samples: z.array(sampleFinding),
  deterministic: z.boolean().nullable(),
  forgeable: z.boolean(),
  cheats: z.array(cheatFinding),
});
export type CheckFindings = z.infer<typeof checkFindings>;

export const criteriaCheck = z
  .object({
    check_id: uuidOut.describe('Id of the check'),
    status: checkStatus.describe('finished, or unavailable with a reason, is the end'),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why the check is `unavailable`: it says nothing of the criteria then' }),
    acceptance_criteria_hash: z.string().describe('Of the criteria that were checked'),
    repeats: z.int().describe('How often each sample is run'),
    samples: z
      .array(
        sampleFinding.extend({
          report: checkReport
            .nullable()
            .meta({ description: 'Of the first repeat; null once a day has passed' }),
        }),
      )
      .meta({ description: 'Empty until the check is finished' }),
    deterministic: z.boolean().nullable().meta({ description: 'Whether every sample is deterministic' }),
    forgeable: z.boolean().nullable().meta({
      description:
        'Whether any of a battery of standard cheats got PASS: empty values of every type, very deep and large ones, code that only exits, names with a meaning for host languages, the criteria themselves, stubs with the shape of the samples that should pass, and for `program` tests a table of the visible answers',
    }),
    cheats: z.array(cheatFinding).meta({ description: 'Each cheat that was tried' }),
    runner: runnerIdentity
      .nullable()
      .meta({ description: 'Which test-runner computed the verdicts; null where several took part' }),
    proof_id: uuidOut.nullable().meta({
      description:
        'For `suite_proof_id` of a proposal with the same criteria: where a sample passed as expected, one failed as expected, repeats are 2 or more and the battery was finished',
    }),
    proof_expires_at: timeOut.nullable().describe('Until when a proposal may name the proof'),
    created_at: timeOut.describe('When it was asked for'),
    finished_at: timeOut.nullable().describe('When it ended'),
  })
  .meta({ id: 'CriteriaCheck', description: 'What a dry run showed of acceptance criteria' });
export type CriteriaCheck = z.infer<typeof criteriaCheck>;
