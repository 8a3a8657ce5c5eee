import {
  askForRejudgements,
  countVerdictsOf,
  countWaitingRejudgements,
  findRecall,
  insertRecall,
  listRejudgeable,
  type RecallRow,
  updateRejudgement,
} from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { recordLeaf } from '../log/record-leaf.ts';
import { notFound, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';

/**
 * Names a runner that was found faulty. Nothing becomes of its verdicts before somebody has them judged anew.
 *
 * @throws RegistryError not_found where it gave no verdict, invalid_state where it is recalled already.
 */
export async function openRecall(
  op: Op,
  { runnerDigest, reason }: { runnerDigest: string; reason: string },
): Promise<RecallRow> {
  const verdicts = await countVerdictsOf(op.trx, runnerDigest);
  if (verdicts === 0) throw new RegistryError('not_found', 'No verdict is by this runner.');
  const recall = await insertRecall(op.trx, {
    recall_id: op.ids.next(),
    runner_digest: runnerDigest,
    reason,
    verdicts,
    created_at: op.now,
  });
  if (recall === undefined) throw new RegistryError('invalid_state', 'This runner is recalled already.');
  const fields = recallFields(recall, { turned: 0, reference: null });
  recordLeaf(op, 'recall', { subject: recall.recall_id, fields });
  return recall;
}

/** What a leaf says of a recall, for everybody. */
export function recallFields(
  { runner_digest, reason, verdicts }: Pick<RecallRow, 'runner_digest' | 'reason' | 'verdicts'>,
  { turned, reference }: { turned: number; reference: string | null },
) {
  return { runner_digest, reason, verdicts, turned, reference };
}

/** The subjects of the leaves about one verdict: it turns once, and its case is closed once. */
export const turnedSubject = (runId: string) => `${runId}:turned`;
export const closedSubject = (runId: string) => `${runId}:closed`;

export interface Asked {
  readonly asked: number;
  readonly unavailable: number;
  readonly left: number;
}

export const DELIVERABLE_REPLACED = 'A later delivery replaced the deliverable.';

/**
 * Has verdicts of a recalled runner judged anew, as soon as the runner is free. Those that wait already or have turned are left alone.
 *
 * @throws RegistryError not_found for a recall or a verdict of it that does not exist.
 */
export async function requestRejudgements(
  op: Op,
  input: { recallId: string; runIds: readonly string[] },
): Promise<Asked> {
  const recall = await findRecall(op.trx, input.recallId);
  if (recall === undefined) throw notFound('recall');
  const runIds = [...new Set(input.runIds)];
  const runs = await listRejudgeable(op.trx, recall.runner_digest, runIds);
  if (runs.length < runIds.length) {
    const unknown = runIds.find((id) => runs.every(({ run_id }) => run_id !== id));
    throw new RegistryError('not_found', `The recall has no verdict of run ${unknown}.`);
  }
  const asked = await askForRejudgements(
    op.trx,
    recall.recall_id,
    runs.map(({ run_id }) => run_id),
    op.now,
  );
  let unavailable = 0;
  let place = (await countWaitingRejudgements(op.trx, recall.recall_id, PLACES_MAX)) - asked.length;
  for (const { run_id: runId, asked: cycle } of asked) {
    const run = runs.find(({ run_id }) => run_id === runId);
    if (run?.has_deliverable === true) {
      scheduleRejudgement(op, { runId, cycle, jobId: run.job_id }, Math.max(0, place));
      place += 1;
    } else {
      unavailable += 1;
      const reason = DELIVERABLE_REPLACED;
      await updateRejudgement(op.trx, runId, { status: 'unavailable', reason, finished_at: op.now });
    }
  }
  return { asked: asked.length - unavailable, unavailable, left: runs.length - asked.length };
}

/** Places in the line of those that wait, a second each: however many they are, one of them asks for the runner in a second. */
export const PLACES_MAX = 3_600;
const PLACE_MS = 1_000;

/** Has a verdict ask for the runner when so many others have. */
export function scheduleRejudgement(
  op: Op,
  { runId, cycle, jobId }: { runId: string; cycle: number; jobId: string },
  place: number,
): void {
  const dueAt = new Date(op.now.getTime() + Math.min(place, PLACES_MAX) * PLACE_MS);
  schedule(op, {
    kind: 'rejudgement',
    subject: runId,
    cycle,
    attempt: 1,
    job_id: jobId,
    due_at: dueAt,
  });
}
