import { countJobsOf, listJobsOf } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentJobs } from '../../present/job.ts';

export const listJobs = reading({
  contract: contracts.listJobs,
  read(context, { query, caller }) {
    const filter = { agentId: caller.agentId, role: query.role ?? null, status: query.status ?? null };
    return context.largeLists.run(caller.agentId, () =>
      keysetPage({
        name: 'jobs',
        request: query,
        rows: (page) => listJobsOf(context.db, filter, page),
        count: (limit) => countJobsOf(context.db, filter, limit),
        position: (job) => ({ at: job.created_at, id: job.job_id }),
        present: (jobs) => presentJobs(context.db, jobs, caller.agentId),
      }),
    );
  },
});
