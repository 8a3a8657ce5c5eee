import {
  countDeliveries,
  countJobsOf,
  type Db,
  findAgent,
  listDeliveryRows,
  listJobsOf,
} from '@agent-registry/db';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { outlineOfDelivery, outlineOfJob } from '../../present/outlines.ts';
import { statementPage } from '../money/statement-page.ts';

export const listJobsOfAgent = reading({
  contract: contracts.operatorListAgentJobs,
  async read({ db }, { params: { agent_id: agentId }, query }) {
    await assertAgent(db, agentId);
    const filter = { agentId, role: null, status: null };
    return keysetPage({
      name: 'agent-jobs',
      request: query,
      rows: (page) => listJobsOf(db, filter, page),
      count: (limit) => countJobsOf(db, filter, limit),
      position: (job) => ({ at: job.created_at, id: job.job_id }),
      present: (jobs) => jobs.map(outlineOfJob),
    });
  },
});

export const listTransactionsOfAgent = reading({
  contract: contracts.operatorListAgentTransactions,
  async read({ db }, { params: { agent_id: agentId }, query }) {
    await assertAgent(db, agentId);
    return statementPage(db, agentId, query);
  },
});

export const listDeliveriesOfAgent = reading({
  contract: contracts.operatorListAgentDeliveries,
  async read({ db }, { params: { agent_id: agentId }, query }) {
    await assertAgent(db, agentId);
    return keysetPage({
      name: 'agent-deliveries',
      request: query,
      rows: (page) => listDeliveryRows(db, agentId, page),
      count: (limit) => countDeliveries(db, agentId, limit),
      position: (delivery) => ({ at: delivery.created_at, id: delivery.delivery_id }),
      present: (deliveries) => deliveries.map(outlineOfDelivery),
    });
  },
});

/** @throws RegistryError not_found. */
async function assertAgent(db: Db, agentId: string): Promise<void> {
  if ((await findAgent(db, agentId)) === undefined)
    throw new RegistryError('not_found', 'There is no such agent.');
}
