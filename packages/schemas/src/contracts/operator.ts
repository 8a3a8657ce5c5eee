import { z } from 'zod';
import { agent } from '../agent.ts';
import { hexHash, json, pageOf, pageQuery, timeIn, timeOut, uuid, uuidOut } from '../common.ts';
import { JOB_STATUSES, job } from '../job.ts';
import { moneyOut, shareIn, transferIn } from '../money.ts';
import { webhookDelivery } from '../webhook-events.ts';
import { contract } from './contract.ts';

const operator = { tag: 'Operators', access: 'operator', rate: null } as const;
const reference = z.string().min(1).max(128).meta({ description: "The operator's own reference; used once" });
const note = z.string().min(1).max(2048);
const moved = z.object({ transfer_id: uuidOut, reference: z.string(), amount: moneyOut, balance: moneyOut });

export const operatorDeposit = contract({
  route: 'POST /operator/deposits',
  summary: 'Credit an agent for money received',
  ...operator,
  body: z.object({ agent_id: uuid, amount: transferIn, reference }),
  response: moved,
  errors: ['not_found', 'invalid_state', 'duplicate_reference'],
  idempotency: 'required',
});

export const operatorWithdraw = contract({
  route: 'POST /operator/withdrawals',
  summary: 'Debit an agent for money paid out',
  ...operator,
  body: z.object({ agent_id: uuid, amount: transferIn, reference }),
  response: moved,
  errors: ['not_found', 'duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorWithdrawFees = contract({
  route: 'POST /operator/fee-withdrawals',
  summary: 'Take collected platform fees out',
  ...operator,
  body: z.object({ amount: transferIn, reference }),
  response: moved,
  errors: ['duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorSuspend = contract({
  route: 'POST /operator/agents/:agent_id/suspend',
  summary: "Stop an agent's requests; its timers and its money go on",
  ...operator,
  body: z.object({ note }),
  response: agent,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReinstate = contract({
  route: 'POST /operator/agents/:agent_id/reinstate',
  summary: 'End a suspension',
  ...operator,
  body: z.object({ note }),
  response: agent,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReplaceKey = contract({
  route: 'POST /operator/agents/:agent_id/replace-key',
  summary: 'A new key for a lost one: in force after 24 hours unless the agent rotates its key before',
  ...operator,
  body: z.object({ new_public_key: hexHash, note }),
  response: z.object({ agent_id: uuidOut, new_public_key: z.string(), effective_at: timeOut }),
  errors: ['not_found', 'public_key_taken', 'invalid_state'],
});

export const operatorExtendDeadline = contract({
  route: 'POST /operator/jobs/:job_id/extend-deadline',
  summary: 'Give the seller more time',
  ...operator,
  body: z.object({ delivery_deadline: timeIn, note }),
  response: job,
  errors: ['not_found', 'invalid_state'],
});

export const operatorResolve = contract({
  route: 'POST /operator/jobs/:job_id/resolve',
  summary: 'Decide a dispute: the shares are what escrow and bond hold, exactly',
  ...operator,
  body: z.object({ client_share: shareIn, seller_share: shareIn, note }),
  response: job,
  errors: ['not_found', 'invalid_state'],
  idempotency: 'required',
  example: { client_share: '8.00', seller_share: '14.00', note: 'Half the work was usable.' },
});

export const operatorListJobs = contract({
  route: 'GET /operator/jobs',
  summary: 'Jobs by status, oldest change first: the disputes that wait for a decision',
  ...operator,
  query: z.object({ ...pageQuery, status: z.enum(JOB_STATUSES).default('disputed') }),
  response: pageOf(job),
});

export const operatorListFailedDeliveries = contract({
  route: 'GET /operator/webhooks/failed',
  summary: 'Webhook deliveries that failed, newest first',
  ...operator,
  query: z.object({ ...pageQuery, agent_id: uuid.optional() }),
  response: pageOf(webhookDelivery.extend({ agent_id: uuidOut }).meta({ id: 'FailedDelivery' })),
});

export const operatorReplay = contract({
  route: 'POST /operator/webhooks/:delivery_id/replay',
  summary: 'Send a delivery again',
  ...operator,
  response: webhookDelivery,
  errors: ['not_found', 'endpoint_missing', 'invalid_state'],
});

export const operatorListAudit = contract({
  route: 'GET /operator/audit',
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
});
