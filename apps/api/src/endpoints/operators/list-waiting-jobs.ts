import { countJobsByStatus, listJobsByStatus } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentJobs } from '../../present/job.ts';

export const listWaitingJobs = reading({
  contract: contracts.operatorListJobs,
  read(context, { query }) {
    return context.largeLists.run('operator', () =>
      keysetPage({
        name: `jobs-${query.status}`,
        request: query,
        rows: (page) => listJobsByStatus(context.db, query.status, page),
        count: (limit) => countJobsByStatus(context.db, query.status, limit),
        position: (job) => ({ at: job.updated_at, id: job.job_id }),
        present: (jobs) => presentJobs(context.db, jobs, null),
      }),
    );
  },
});
