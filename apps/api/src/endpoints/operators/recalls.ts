import {
  countRecalledVerdicts,
  countRecalls,
  countRejudgements,
  type Db,
  findRecall,
  findRecalledVerdict,
  listRecalls as list,
  listRecalledVerdicts as listVerdicts,
  type RecalledVerdictRow,
  type RecallRow,
} from '@agent-registry/db';
import {
  closeRecallCase as close,
  openRecall as open,
  requestRejudgements,
} from '@agent-registry/operations';
import { contracts, RegistryError, type RejudgementStatus } from '@agent-registry/schemas';
import { changing, reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { keysetPage } from '../../page.ts';
import { presentRunner } from '../../present/runner.ts';
import { optionalTime, time } from '../../present/time.ts';

export const openRecall = changing({
  contract: contracts.operatorOpenRecall,
  async run(op, { body }) {
    const recall = await open(op, { runnerDigest: body.runner_digest, reason: body.reason });
    return presentRecall(recall, []);
  },
});

export const listRecalls = reading({
  contract: contracts.operatorListRecalls,
  read: (context, { query }) =>
    keysetPage({
      name: 'recalls',
      request: query,
      rows: (page) => list(context.db, page),
      count: (limit) => countRecalls(context.db, limit),
      position: (recall) => ({ at: recall.created_at, id: recall.recall_id }),
      present: async (recalls) => {
        const ids = recalls.map(({ recall_id }) => recall_id);
        const counts = await countRejudgements(context.db, ids);
        return recalls.map((recall) =>
          presentRecall(
            recall,
            counts.filter(({ recall_id }) => recall_id === recall.recall_id),
          ),
        );
      },
    }),
});

export const getRecall = reading({
  contract: contracts.operatorGetRecall,
  async read({ db }, { params: { recall_id } }) {
    return presentRecall(await requireRecall(db, recall_id), await countRejudgements(db, [recall_id]));
  },
});

/** By its digest alone, since the runner need not be recalled. */
export const listVerdictsOfRunner = reading({
  contract: contracts.operatorListVerdicts,
  read({ db }, { query }) {
    const { runner_digest } = query;
    const runner = { recall_id: '', runner_digest };
    return keysetPage({
      name: `verdicts-${runner_digest}`,
      request: query,
      rows: (page) => listVerdicts(db, runner, null, page),
      count: (limit) => countRecalledVerdicts(db, runner, null, limit),
      position: ({ given_at, run_id }) => ({ at: given_at, id: run_id }),
      present: (verdicts) => verdicts.map(presentVerdict),
    });
  },
});

/** What a filter by status stands for: what is being judged still waits, to whoever asks. */
const asked = (status: RejudgementStatus | undefined): RejudgementStatus[] | null =>
  status === undefined ? null : status === 'waiting' ? ['waiting', 'running'] : [status];

export const listRecalledVerdicts = reading({
  contract: contracts.operatorListRecalledVerdicts,
  async read(context, { params, query }) {
    const recall = await requireRecall(context.db, params.recall_id);
    const statuses = asked(query.status);
    return keysetPage({
      name: `recalled-verdicts-${recall.recall_id}-${query.status ?? 'all'}`,
      request: query,
      rows: (page) => listVerdicts(context.db, recall, statuses, page),
      count: (limit) => countRecalledVerdicts(context.db, recall, statuses, limit),
      // Runs are listed by their ids alone, which sort by time.
      position: (verdict) => ({ at: recall.created_at, id: verdict.run_id }),
      present: (verdicts) => verdicts.map(presentVerdict),
    });
  },
});

export const getRecalledVerdict = reading({
  contract: contracts.operatorGetRecalledVerdict,
  async read(context, { params }) {
    const recall = await requireRecall(context.db, params.recall_id);
    const verdict = await requireVerdict(context.db, recall, params.run_id);
    return { ...presentVerdict(verdict), new_results: verdict.results ?? [] };
  },
});

export const rejudge = changing({
  contract: contracts.operatorRejudge,
  run: (op, { params, body }) =>
    requestRejudgements(op, { recallId: params.recall_id, runIds: body.run_ids }),
});

export const closeRecallCase = changing({
  contract: contracts.operatorCloseRecallCase,
  async run(op, { params, body }) {
    const { recall_id: recallId, run_id: runId } = params;
    await close(op, { recallId, runId, reference: body.reference, note: body.note });
    return presentVerdict(await requireVerdict(op.trx, await requireRecall(op.trx, recallId), runId));
  },
});

const requireRecall = async (db: Db, recallId: string): Promise<RecallRow> =>
  existing(await findRecall(db, recallId), 'recall');

async function requireVerdict(db: Db, { runner_digest }: RecallRow, runId: string) {
  const verdict = await findRecalledVerdict(db, runner_digest, runId);
  if (verdict === undefined) throw new RegistryError('not_found', 'The recall has no verdict of this run.');
  return verdict;
}

function presentRecall(
  { recall_id, runner_digest, reason, verdicts, created_at }: RecallRow,
  counts: readonly { status: RejudgementStatus; count: number }[],
) {
  const of = (...statuses: RejudgementStatus[]) =>
    counts.filter(({ status }) => statuses.includes(status)).reduce((sum, { count }) => sum + count, 0);
  return {
    recall_id,
    runner_digest,
    reason,
    verdicts,
    created_at: time(created_at),
    rejudged: {
      waiting: of('waiting', 'running'),
      same: of('same'),
      turned: of('turned'),
      closed: of('closed'),
      unavailable: of('unavailable'),
    },
  };
}

function presentVerdict(row: RecalledVerdictRow) {
  const { run_id, job_id, job_status, client_agent_id, seller_agent_id, delivery, has_deliverable } = row;
  return {
    ...{ run_id, job_id, job_status, client_agent_id, seller_agent_id, delivery, has_deliverable },
    verdict: row.given,
    judged_at: optionalTime(row.given_at),
    status: row.status,
    new_verdict: row.verdict,
    new_summary: row.summary,
    new_runner: presentRunner(row),
    unavailable_reason: row.reason,
    requested_at: optionalTime(row.requested_at),
    rejudged_at: optionalTime(row.finished_at),
    reference: row.reference,
    note: row.note,
    closed_at: optionalTime(row.closed_at),
  };
}
