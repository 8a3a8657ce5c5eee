import { countRuns, listRuns } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentRun } from '../../present/verification.ts';
import { partyOf } from './party-of.ts';

export const listVerifications = reading({
  contract: contracts.listVerifications,
  async read(context, { params, query, caller }) {
    const { job, role } = await partyOf(context, params.job_id, caller.agentId);
    return keysetPage({
      name: 'runs',
      request: query,
      rows: (page) => listRuns(context.db, job.job_id, page),
      count: (limit) => countRuns(context.db, job.job_id, limit),
      position: (run) => ({ at: run.delivered_at, id: run.run_id }),
      present: (runs) => runs.map((run) => presentRun(job, run, role)),
    });
  },
});
