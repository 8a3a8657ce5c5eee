import { listCheckSteps } from '@agent-registry/db';
import {
  type CheckClaim,
  claimCheck,
  commit,
  giveUpCheck,
  isSuperseded,
  lockLeasedCheck,
  type Op,
  type Recorded,
  recordStep,
  recordStepError,
  releaseCheck,
} from '@agent-registry/operations';
import type { TaskBody, TestRunResponse } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { SealError } from '@agent-registry/signing';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { retry } from '../retry.ts';
import { canaryPasses, requestSampleVerdict } from './call-test-runner.ts';
import { type CheckPlan, type PlannedStep, planCheck } from './plan-check.ts';
import { withLease } from './with-lease.ts';

type Claimed = Extract<CheckClaim, { kind: 'claimed' }>;

/** A turn ends after the step that passes this: other checks wait, and a task has a deadline. */
const TURN_MS = 10_000;

/**
 * One turn of a dry run: steps in order, each recorded before the next begins, until the check is finished, a delivery waits or
 * the turn is over. On an outage of the runner the check is released and the queue retries it, until the check's own deadline.
 */
export async function checkCriteria(
  context: DispatcherContext,
  task: TaskBody<'criteria_check'>,
): Promise<Answer> {
  const { check_id: checkId, generation } = task;
  annotate({ check_id: checkId });
  if (await isSuperseded(context.db, { kind: 'criteria_check', subject: checkId, generation }))
    return done('superseded');
  const { value: claim } = await commit(context, (op) => claimCheck(op, { checkId }));
  if (claim.kind === 'busy') return again(409, 'leased');
  if (claim.kind !== 'claimed') return done(claim.kind);
  const { token } = claim;
  const release = (op: Op) => releaseCheck(op, { checkId, token });
  return withLease(context, { kind: 'criteria_check', id: checkId, token, release }, () =>
    takeTurn(context, claim),
  );
}

async function takeTurn(context: DispatcherContext, claim: Claimed): Promise<Answer | null> {
  const plan = readPlan(context, claim);
  if (plan === null) return giveUp(context, claim);
  const startedAt = performance.now();
  const kept = new Set((await listCheckSteps(context.db, claim.check.check_id)).map(({ step }) => step));
  let recorded: Recorded = 'lost';
  for (const planned of plan.steps.filter(({ step }) => !kept.has(step))) {
    const stepAt = performance.now();
    const response = await runStep(context, claim, plan, planned);
    if (response === 'outage') return null;
    const now = performance.now();
    const isTurnOver = now - startedAt >= TURN_MS;
    recorded = await record(context, claim, { plan, planned, response, runnerMs: now - stepAt, isTurnOver });
    if (recorded !== 'more') break;
  }
  return recorded === 'lost' ? again(409, 'lost') : done(recorded);
}

/** Null where what was sent cannot be read any more. */
function readPlan(context: DispatcherContext, { check }: Claimed): CheckPlan | null {
  try {
    return planCheck(context.sealer, check);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    context.log.error(
      { error, check_id: check.check_id },
      'no accepted key opens the hidden cases of a check',
    );
    return null;
  }
}

async function giveUp(context: DispatcherContext, { check, token }: Claimed): Promise<Answer> {
  await commit(context, async (op) => {
    const leased = await lockLeasedCheck(op, { checkId: check.check_id, token });
    if (leased !== null) await giveUpCheck(op, leased, 'unreadable');
  });
  return done('unreadable');
}

/** What the runner says of one step; null where it breaks the harness again and again while a canary passes. */
async function runStep(
  context: DispatcherContext,
  { check, token }: Claimed,
  { criteria, hiddenCases }: CheckPlan,
  { deliverable }: PlannedStep,
): Promise<TestRunResponse | null | 'outage'> {
  const run = { runId: check.check_id, criteria, hiddenCases, deliverable };
  for (;;) {
    const answer = await requestSampleVerdict(context, run);
    if (answer.kind === 'unavailable') return 'outage';
    if (answer.kind === 'verdict' && answer.response.verdict !== 'error') return answer.response;
    if (!(await canaryPasses(context, { acceptance_criteria: criteria }))) return 'outage';
    const { value } = await commit(context, (op) => recordStepError(op, { checkId: check.check_id, token }));
    if (value.isFinal) return null;
    if (value.isLost) return 'outage';
  }
}

async function record(
  context: DispatcherContext,
  { check, token }: Claimed,
  {
    plan,
    planned,
    response,
    runnerMs,
    isTurnOver,
  }: {
    plan: CheckPlan;
    planned: PlannedStep;
    response: TestRunResponse | null;
    runnerMs: number;
    isTurnOver: boolean;
  },
): Promise<Recorded> {
  const { step, sample, cheat, keepsReport } = planned;
  const store = (keeps: boolean) =>
    commit(context, (op) =>
      recordStep(op, {
        checkId: check.check_id,
        token,
        done: { step, sample, cheat, response, keepsReport: keeps, runnerMs },
        steps: plan.steps.length,
        isTurnOver,
      }),
    );
  const { value } = await retry(
    () => store(keepsReport),
    context.exchangeDeadline,
    () => store(false),
  );
  return value;
}
