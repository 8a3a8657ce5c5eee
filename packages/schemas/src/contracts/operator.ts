import { z } from 'zod';
import { agent } from '../agent.ts';
import { hexHash, json, pageOf, pageQuery, timeIn, timeOut, uuid, uuidOut } from '../common.ts';
import { JOB_STATUSES, job } from '../job.ts';
import { moneyOut, shareIn, transferIn } from '../money.ts';
import { webhookDelivery } from '../webhook-events.ts';
import { agentParams } from './agents.ts';
import { contract } from './contract.ts';
import { jobParams } from './jobs.ts';

const operator = { tag: 'Operators', access: 'operator', rate: null } as const;
const reference = z.string().min(1).max(128).meta({ description: "The operator's own reference; used once" });
const note = z.string().min(1).max(2048);
const moved = z.object({ transfer_id: uuidOut, reference: z.string(), amount: moneyOut, balance: moneyOut });

export const operatorDeposit = contract({
  id: 'operatorDeposit',
  method: 'POST',
  path: '/operator/deposits',
  summary: 'Credit an agent for money received',
  ...operator,
  body: z.object({ agent_id: uuid, amount: transferIn, reference }),
  response: moved,
  status: 200,
  errors: ['not_found', 'invalid_state', 'duplicate_reference'],
  idempotency: 'required',
});

export const operatorWithdraw = contract({
  id: 'operatorWithdraw',
  method: 'POST',
  path: '/operator/withdrawals',
  summary: 'Debit an agent for money paid out',
  ...operator,
  body: z.object({ agent_id: uuid, amount: transferIn, reference }),
  response: moved,
  status: 200,
  errors: ['not_found', 'duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorWithdrawFees = contract({
  id: 'operatorWithdrawFees',
  method: 'POST',
  path: '/operator/fee-withdrawals',
  summary: 'Take collected platform fees out',
  ...operator,
  body: z.object({ amount: transferIn, reference }),
  response: moved,
  status: 200,
  errors: ['duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorSuspend = contract({
  id: 'operatorSuspend',
  method: 'POST',
  path: '/operator/agents/:agent_id/suspend',
  summary: "Stop an agent's requests; its timers and its money go on",
  ...operator,
  params: agentParams,
  body: z.object({ note }),
  response: agent,
  status: 200,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReinstate = contract({
  id: 'operatorReinstate',
  method: 'POST',
  path: '/operator/agents/:agent_id/reinstate',
  summary: 'End a suspension',
  ...operator,
  params: agentParams,
  body: z.object({ note }),
  response: agent,
  status: 200,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReplaceKey = contract({
  id: 'operatorReplaceKey',
  method: 'POST',
  path: '/operator/agents/:agent_id/replace-key',
  summary: 'A new key for a lost one: in force after 24 hours unless the agent rotates its key before',
  ...operator,
  params: agentParams,
  body: z.object({ new_public_key: hexHash, note }),
  response: z.object({ agent_id: uuidOut, new_public_key: z.string(), effective_at: timeOut }),
  status: 200,
  errors: ['not_found', 'public_key_taken', 'invalid_state'],
});

export const operatorExtendDeadline = contract({
  id: 'operatorExtendDeadline',
  method: 'POST',
  path: '/operator/jobs/:job_id/extend-deadline',
  summary: 'Give the seller more time',
  ...operator,
  params: jobParams,
  body: z.object({ delivery_deadline: timeIn, note }),
  response: job,
  status: 200,
  errors: ['not_found', 'invalid_state'],
});

export const operatorResolve = contract({
  id: 'operatorResolve',
  method: 'POST',
  path: '/operator/jobs/:job_id/resolve',
  summary: 'Decide a dispute: the shares are what escrow and bond hold, exactly',
  ...operator,
  params: jobParams,
  body: z.object({ client_share: shareIn, seller_share: shareIn, note }),
  response: job,
  status: 200,
  errors: ['not_found', 'invalid_state'],
  idempotency: 'required',
  example: { client_share: '8.00', seller_share: '14.00', note: 'Half the work was usable.' },
});

export const operatorListJobs = contract({
  id: 'operatorListJobs',
  method: 'GET',
  path: '/operator/jobs',
  summary: 'Jobs by status, oldest change first: the disputes that wait for a decision',
  ...operator,
  query: z.object({ ...pageQuery, status: z.enum(JOB_STATUSES).default('disputed') }),
  response: pageOf(job),
  status: 200,
  errors: [],
});

export const operatorListFailedDeliveries = contract({
  id: 'operatorListFailedDeliveries',
  method: 'GET',
  path: '/operator/webhooks/failed',
  summary: 'Webhook deliveries that failed, newest first',
  ...operator,
  query: z.object({ ...pageQuery, agent_id: uuid.optional() }),
  response: pageOf(webhookDelivery.extend({ agent_id: uuidOut }).meta({ id: 'FailedDelivery' })),
  status: 200,
  errors: [],
});

export const operatorReplay = contract({
  id: 'operatorReplay',
  method: 'POST',
  path: '/operator/webhooks/:delivery_id/replay',
  summary: 'Send a delivery again',
  ...operator,
  params: z.object({ delivery_id: uuid }),
  response: webhookDelivery,
  status: 200,
  errors: ['not_found', 'endpoint_missing', 'invalid_state'],
});

export const operatorListAudit = contract({
  id: 'operatorListAudit',
  method: 'GET',
  path: '/operator/audit',
  summary: 'What operators did, newest first',
  ...operator,
  query: z.object({ ...pageQuery }),
  response: pageOf(
    z.object({
      audit_id: uuidOut,
      operator: z.string(),
      action: z.string(),
      subject: z.string().nullable(),
      details: json,
      created_at: timeOut,
    }),
  ),
  status: 200,
  errors: [],
});
