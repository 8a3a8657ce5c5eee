import { countRuns, listRuns } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentRun } from '../../present/verification.ts';
import { partyOf } from './party-of.ts';

/** A run is kept in a mebibyte at most, so that a page of them stays well below eight. */
const RUNS_PER_PAGE_MAX = 7;

export const listVerifications = reading({
  contract: contracts.listVerifications,
  async read(context, { params, query, caller }) {
    const { job, role } = await partyOf(context, params.job_id, caller.agentId);
    return keysetPage({
      name: 'runs',
      request: query,
      rows: async (page) => {
        const limit = Math.min(page.limit, RUNS_PER_PAGE_MAX + 1);
        const rows = await listRuns(context.db, job.job_id, { ...page, limit });
        return { rows: rows.slice(0, RUNS_PER_PAGE_MAX), cut: rows.length > RUNS_PER_PAGE_MAX };
      },
      count: (limit) => countRuns(context.db, job.job_id, limit),
      position: (run) => ({ at: run.delivered_at, id: run.run_id }),
      present: (runs) => runs.map((run) => presentRun(job, run, role)),
    });
  },
});
