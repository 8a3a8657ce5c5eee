import { countDeliveries, countJobsOf, findAgent, listDeliveryRows, listJobsOf } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { keysetPage } from '../../page.ts';
import { outlineOfDelivery, outlineOfJob } from '../../present/outlines.ts';
import { statementPage } from '../money/statement-page.ts';

export const listJobsOfAgent = reading({
  contract: contracts.operatorListAgentJobs,
  async read({ db }, { params: { agent_id: agentId }, query }) {
    existing(await findAgent(db, agentId), 'agent');
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
    existing(await findAgent(db, agentId), 'agent');
    return statementPage(db, agentId, query);
  },
});

export const listDeliveriesOfAgent = reading({
  contract: contracts.operatorListAgentDeliveries,
  async read({ db }, { params: { agent_id: agentId }, query }) {
    existing(await findAgent(db, agentId), 'agent');
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
