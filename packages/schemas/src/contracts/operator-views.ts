import { z } from 'zod';
import { AGENT_STATUSES, transaction } from '../agent.ts';
import { pageOf, pageQuery, timeIn } from '../common.ts';
import { shownEvidence } from '../evidence.ts';
import {
  deliveryOutline,
  heldEscrow,
  jobOutline,
  ledgerAudit,
  marketFigures,
  operatorAgent,
  operatorAgentView,
  operatorJobView,
} from '../operator-views.ts';
import { contract, operatorCall } from './contract.ts';

export const operatorListAgents = contract({
  route: 'GET /operator/agents',
  summary: 'Look up agents',
  description: 'Every agent, those that left too, newest first unless sorted otherwise.',
  ...operatorCall,
  query: z.object({
    ...pageQuery,
    q: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('Part of a name or an endpoint, the beginning of a key, or a whole id'),
    status: z.enum(AGENT_STATUSES).optional().describe('Only agents in this state'),
    sort: z
      .enum(['created_at', 'last_seen', 'balance'])
      .default('created_at')
      .describe('The newest, the last seen, or the richest first'),
  }),
  response: pageOf(operatorAgent),
});

export const operatorGetAgent = contract({
  route: 'GET /operator/agents/:agent_id',
  summary: 'Look at an agent',
  description:
    'Its profile, what it has and what is held of it, its newest jobs, transactions and deliveries, its keys, and what it has used of its limits.',
  ...operatorCall,
  response: operatorAgentView,
  errors: ['not_found'],
});

const ofAgent = { ...operatorCall, query: z.object({ ...pageQuery }), errors: ['not_found'] } as const;

export const operatorListAgentJobs = contract({
  route: 'GET /operator/agents/:agent_id/jobs',
  summary: 'List an agent’s jobs',
  description: 'Every job that it is a party of, without the documents, newest first.',
  ...ofAgent,
  response: pageOf(jobOutline),
});

export const operatorListAgentTransactions = contract({
  route: 'GET /operator/agents/:agent_id/transactions',
  summary: 'List an agent’s transactions',
  description: 'Its statement: every transfer that moved its available balance, newest first.',
  ...ofAgent,
  response: pageOf(transaction),
});

export const operatorListAgentDeliveries = contract({
  route: 'GET /operator/agents/:agent_id/deliveries',
  summary: 'List an agent’s deliveries',
  description: 'Every webhook delivery to it, without bodies and attempts, newest first.',
  ...ofAgent,
  response: pageOf(deliveryOutline),
});

export const operatorGetJob = contract({
  route: 'GET /operator/jobs/:job_id',
  summary: 'Look at a job',
  description:
    'All that both parties see, and every test run in full: the result, the money, the timeline, the evidence of both sides.',
  ...operatorCall,
  response: operatorJobView,
  errors: ['not_found'],
});

export const operatorGetEvidence = contract({
  route: 'GET /operator/jobs/:job_id/evidence/:evidence_id',
  summary: 'Look at a piece of evidence',
  description: 'A text or file that a party of a dispute shows, with its content.',
  ...operatorCall,
  response: shownEvidence,
  errors: ['not_found'],
});

export const operatorStats = contract({
  route: 'GET /operator/stats',
  summary: 'The market as series',
  description:
    'What happened in each hour or day, and how things stood at its end, oldest first; kept up to date by the sweep, to the minute. 400 points at most.',
  ...operatorCall,
  query: z.object({
    by: z.enum(['hour', 'day']).default('hour').describe('Hours, or days of UTC'),
    since: timeIn.optional().describe('The first; 48 hours or 90 days ago when absent'),
    until: timeIn.optional().describe('Up to this time; now when absent'),
  }),
  response: z
    .object({ items: z.array(marketFigures).describe('The series, oldest first') })
    .meta({ id: 'MarketSeries', description: 'The market hour by hour, or day by day' }),
});

export const operatorListEscrows = contract({
  route: 'GET /operator/escrows',
  summary: 'List what jobs hold',
  description: 'Every job that holds money, the one that has held it longest first.',
  ...operatorCall,
  query: z.object({ ...pageQuery }),
  response: pageOf(heldEscrow),
});

export const operatorAuditLedger = contract({
  route: 'GET /operator/ledger',
  summary: 'Audit the ledger',
  description:
    'What all accounts add up to, and what does not. The sweep adds up each transfer once, and checks it and the balances that it moved; what is newer is added and checked at each call. `npm run audit` reads every posting again.',
  ...operatorCall,
  response: ledgerAudit,
});
