import {
  type AttemptOutcome,
  actOnTimer,
  claimAttempt,
  claimRun,
  recordAttempt,
  settleVerification,
} from '@agent-registry/operations';
import { type JobTimer, type TaskSpec, taskKinds } from '@agent-registry/schemas';
import type { EndpointHabit } from './cast.ts';
import { inOrder, type Stage, type Story } from './simulation.ts';
import { verdictOf } from './verdict.ts';

const LEASE_MS = 20_000;
/** Duration of a slow suite: a run that is claimed so shortly before the end is still running then. */
const JUDGED_MS = 40_000;

export interface Surroundings {
  /** By endpoint URL. */
  readonly habits: ReadonlyMap<string, EndpointHabit>;
  /** When endpoints that are gone stopped to answer. */
  readonly goneSince: Date;
  /** Whether the criteria accept what was delivered. */
  readonly isGood: (jobId: string, delivery: number) => boolean;
}

/** Simulates the dispatcher: endpoints and the test-runner are not called, their answers are made up. */
export function doTask(around: Surroundings, stage: Stage, task: TaskSpec): Story {
  switch (task.path) {
    case taskKinds.webhook.path:
      return deliver(around, stage, taskKinds.webhook.body.parse(task.body));
    case taskKinds.verification.path:
      return runSuite(around, stage, taskKinds.verification.body.parse(task.body));
    case taskKinds.timer.path:
      return keepTime(stage, taskKinds.timer.body.parse(task.body));
    default:
      throw new Error(`no story has a task for ${task.path}`);
  }
}

async function* keepTime({ act, random }: Stage, body: { job_id: string; timer: JobTimer }): Story {
  yield random.whole(20, 900);
  await act((op) => actOnTimer(op, { jobId: body.job_id, timer: body.timer }));
}

/** A free slot of the runner takes whichever run waits: no run is claimed or settled before what is earlier. */
async function* runSuite({ isGood }: Surroundings, { act, random }: Stage, body: { run_id: string }): Story {
  yield inOrder(random.whole(300, 4_000));
  const claim = await act((op) => claimRun(op, { runId: body.run_id }));
  if (claim.kind !== 'claimed') return;
  const { job, run, token } = claim;
  const durationMs = random.whole(180, 6_000);
  yield inOrder(job.requirements?.includes(SLOW_SUITE) === true ? JUDGED_MS : durationMs);
  const response = verdictOf(job, run.run_id, isGood(job.job_id, run.delivery), durationMs);
  await act((op) => settleVerification(op, { runId: run.run_id, token, response }));
}

/** In the requirements of a job whose verdict is to take long. */
const SLOW_SUITE = 'thorough';

interface Attempt {
  readonly delivery_id: string;
  readonly cycle: number;
  readonly attempt: number;
  readonly target_url: string;
}

/** The attempt is claimed and recorded by one operation, as long apart as the exchange took. */
async function* deliver(around: Surroundings, stage: Stage, body: Attempt): Story {
  const { habits, goneSince } = around;
  const { act, random, now } = stage;
  const name = { deliveryId: body.delivery_id, cycle: body.cycle, attempt: body.attempt };
  yield random.whole(40, 1_500);
  const durationMs = random.whole(35, 900);
  const habit = habits.get(body.target_url) ?? 'steady';
  const isUp = habit === 'gone' ? now() < goneSince : random.chance(SUCCESS[habit]);
  const outcome = isUp ? ANSWERED : random.pick(FAILURES);
  const claim = await act(async (op) => {
    const claimed = await claimAttempt(op, { ...name, leaseMs: LEASE_MS, targetUrl: body.target_url });
    if (claimed.kind !== 'claimed') return claimed;
    op.now = new Date(op.now.getTime() + durationMs);
    const { token } = claimed;
    await recordAttempt(op, { ...name, token, targetUrl: body.target_url, durationMs, outcome });
    return claimed;
  });
  if (claim.kind !== 'over_budget') return;
  yield claim.until.getTime() - now().getTime();
  yield* deliver(around, stage, body);
}

const SUCCESS: Readonly<Record<Exclude<EndpointHabit, 'gone'>, number>> = {
  steady: 1,
  mostly: 0.94,
  flaky: 0.5,
};
const ANSWERED: AttemptOutcome = { kind: 'answered', status: 200, retryAfter: null, response: 'ok' };
const FAILURES: readonly AttemptOutcome[] = [
  { kind: 'answered', status: 503, retryAfter: null, response: 'upstream is starting' },
  { kind: 'answered', status: 500, retryAfter: null, response: '{"error":"internal"}' },
  { kind: 'unanswered', phase: 'connect', error: 'connection refused', sent: true },
  { kind: 'unanswered', phase: 'response', error: 'no answer within 10 s', sent: true },
];
