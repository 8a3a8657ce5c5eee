import type { AgentClient, CallInput, CallOptions } from '@agent-registry/client';
import type { At } from '../../at.ts';
import { defineCommand } from '../../define-command.ts';
import { EXIT } from '../../describe-error.ts';
import { whatCompletingMoves } from '../../money.ts';
import { status } from '../../show-values.ts';
import { type Doc, fields, line, table, toned } from '../../terminal/document.ts';
import { yes } from './yes.ts';

const WAIT: CallOptions = { waitSeconds: 25 };
type Verified = Awaited<ReturnType<AgentClient['verifyJob']>>;

export const verify = defineCommand({
  usage: 'verify <job_id>',
  summary: 'Wait for the verdict on the last delivery; without criteria, accept it',
  example: 'jobs verify 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  flags: { yes },
  async run(at, { job_id, yes: agreed }): Promise<Verified> {
    const job = await at.client.getJob({ job_id });
    if (job.acceptance_criteria === null && job.status === 'delivered')
      await at.confirm(agreed, whatCompletingMoves(job, (await at.client.getFees()).display));
    return awaitVerdict(at, { job_id });
  },
  show: showVerified,
  // An error is no verdict: nobody could judge.
  exitCode: ({ verification }) =>
    verification?.verdict === 'fail'
      ? EXIT.verdictFail
      : verification?.verdict === 'error'
        ? EXIT.refused
        : EXIT.ok,
});

async function awaitVerdict({ client, tell }: At, input: CallInput<'verifyJob'>): Promise<Verified> {
  for (;;) {
    const answer = await client.verifyJob(input, WAIT);
    const isRunning = ['delivered', 'verifying'].includes(answer.job.status);
    if (answer.verification !== null || !isRunning) return answer;
    tell([line(toned('quiet', 'Not judged yet; waiting.'))]);
  }
}

export function showVerified({ job, verification, retry_allowed }: Verified): Doc {
  const state = fields({ job: job.job_id, status: status(job.status) });
  if (verification === null) return [state];
  const { passed, verdict, summary, results } = verification;
  return [
    line(toned(passed ? 'good' : 'bad', verdict.toUpperCase()), `  ${summary}`),
    state,
    table(results, 'No test is shown', {
      TEST: (test) => test.test_id,
      TYPE: (test) => test.type,
      ENDED: (test) =>
        toned(test.passed ? 'good' : 'bad', test.outcome ?? (test.passed ? 'passed' : 'failed')),
      WHY: (test) => test.message,
    }),
    ...(retry_allowed ? [line('The seller may deliver again.')] : []),
  ];
}
