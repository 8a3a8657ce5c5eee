import {
  type AgentPosting,
  findRecall,
  type JobRow,
  listAgentPostings,
  lockJobOfRun,
  lockRejudgement,
  lockRunRow,
  updateRejudgement,
} from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { recallOpening } from '../log/openings.ts';
import { readSalt, recordLeaf } from '../log/record-leaf.ts';
import { notFound, type Op, passTime, refuseDuplicate } from '../op.ts';
import { operatorReference } from '../operators/move-money.ts';
import { closedSubject, recallFields } from './open-recall.ts';
import { countTurned } from './rejudge.ts';

/**
 * Ends the case of a verdict that turned. A compensation was paid before, as an operator's deposit: it is named here, and the log says so.
 *
 * @param input.reference the operator's own, of a deposit to one of the job's parties; null for no compensation.
 * @throws RegistryError not_found, invalid_state where no case is open or the deposit does not fit, duplicate_reference where it
 *   compensated in another case.
 */
export async function closeRecallCase(
  op: Op,
  input: { recallId: string; runId: string; reference: string | null; note: string },
): Promise<void> {
  const { runId, reference, note } = input;
  const [job, run, anew] = await Promise.all([
    lockJobOfRun(op.trx, runId),
    lockRunRow(op.trx, runId),
    lockRejudgement(op.trx, runId),
  ]);
  const recall = await findRecall(op.trx, input.recallId);
  if (job === undefined || run === undefined || recall === undefined)
    throw notFound('verdict of this recall');
  if (anew?.recall_id !== recall.recall_id) throw notFound('verdict of this recall');
  passTime(op, job.updated_at);
  if (anew.status !== 'turned' || anew.finished_at === null)
    throw new RegistryError('invalid_state', `No case of this verdict is open: it is ${anew.status}.`);
  const paid = reference === null ? null : await findCompensation(op, job, reference, anew.finished_at);
  const change = { status: 'closed', reference, note, closed_at: op.now } as const;
  await refuseDuplicate(
    updateRejudgement(op.trx, runId, change),
    'rejudgements_reference_key',
    () => new RegistryError('duplicate_reference', 'This deposit compensates in another case.'),
  );
  if (paid === null) return;
  readSalt(op, job.job_id);
  const turned = await countTurned(op, recall.recall_id);
  recordLeaf(op, 'recall', {
    jobId: job.job_id,
    subject: closedSubject(runId),
    fields: recallFields(recall, { turned, reference }),
    openings: { both: recallOpening(job, run, anew, paid) },
  });
}

async function findCompensation(
  op: Op,
  job: JobRow,
  reference: string,
  notBefore: Date,
): Promise<AgentPosting> {
  const parties = [job.client_agent_id, job.seller_agent_id];
  const postings = await listAgentPostings(op.trx, operatorReference(reference));
  const paid = postings.find(
    ({ kind, owner_id: agentId, created_at: at }) =>
      kind === 'deposit' && parties.includes(agentId) && at >= notBefore,
  );
  if (paid !== undefined) return paid;
  const detail = 'No deposit of this reference went to a party of the job since its verdict turned.';
  throw new RegistryError('invalid_state', detail);
}
