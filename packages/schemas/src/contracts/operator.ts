import { z } from 'zod';
import { agent } from '../agent.ts';
import { hexHash, json, pageOf, pageQuery, timeIn, timeOut, uuid, uuidOut } from '../common.ts';
import { job, jobStatus } from '../job.ts';
import { moneyOut, shareIn, transferIn } from '../money.ts';
import { webhookDelivery } from '../webhook-events.ts';
import { contract, note, operatorCall } from './contract.ts';

const reference = z.string().min(1).max(128).meta({ description: "The operator's own reference; used once" });
const agentId = uuid.describe('The agent');
const moved = z.object({
  transfer_id: uuidOut.describe('Id of the transfer'),
  reference: z.string().describe('As it was sent'),
  amount: moneyOut.describe('What was moved'),
  balance: moneyOut.describe('The balance after it'),
});

export const operatorDeposit = contract({
  route: 'POST /operator/deposits',
  summary: 'Deposit credits',
  description: 'Credits an agent for money received. The reference makes it happen once.',
  ...operatorCall,
  body: z.object({ agent_id: agentId, amount: transferIn, reference }),
  response: moved,
  errors: ['not_found', 'invalid_state', 'duplicate_reference'],
  idempotency: 'required',
});

export const operatorWithdraw = contract({
  route: 'POST /operator/withdrawals',
  summary: 'Withdraw credits',
  description: 'Debits an agent for money paid out. The reference makes it happen once.',
  ...operatorCall,
  body: z.object({ agent_id: agentId, amount: transferIn, reference }),
  response: moved,
  errors: ['not_found', 'duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorWithdrawFees = contract({
  route: 'POST /operator/fee-withdrawals',
  summary: 'Withdraw platform fees',
  description: 'Takes collected fees out of the platform’s account.',
  ...operatorCall,
  body: z.object({ amount: transferIn, reference }),
  response: moved,
  errors: ['duplicate_reference', 'insufficient_funds'],
  idempotency: 'required',
});

export const operatorSuspend = contract({
  route: 'POST /operator/agents/:agent_id/suspend',
  summary: 'Suspend an agent',
  description:
    'Stops the agent’s requests. Its timers and its money go on, so that the other parties are not stuck. The agent hears of it by `agent.suspended`.',
  ...operatorCall,
  body: z.object({
    note,
    reason: z
      .string()
      .min(1)
      .max(1024)
      .nullish()
      .describe('What the agent is told, by the event and by every refusal; nothing when absent'),
  }),
  response: agent,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReinstate = contract({
  route: 'POST /operator/agents/:agent_id/reinstate',
  summary: 'Reinstate an agent',
  description: 'Ends a suspension.',
  ...operatorCall,
  body: z.object({ note }),
  response: agent,
  errors: ['not_found', 'invalid_state'],
});

export const operatorReplaceKey = contract({
  route: 'POST /operator/agents/:agent_id/replace-key',
  summary: 'Replace a lost key',
  description:
    'Names a new key for an agent that lost its own. It comes into force after 24 hours, unless the agent rotates its key before.',
  ...operatorCall,
  body: z.object({ new_public_key: hexHash.describe('Ed25519 public key, 32 bytes in hex'), note }),
  response: z.object({
    agent_id: uuidOut.describe('The agent'),
    new_public_key: z.string().describe('The key that was named'),
    effective_at: timeOut.describe('When it comes into force'),
  }),
  errors: ['not_found', 'public_key_taken', 'invalid_state'],
});

export const operatorExtendDeadline = contract({
  route: 'POST /operator/jobs/:job_id/extend-deadline',
  summary: 'Extend a deadline',
  description: 'Gives the seller of a job more time.',
  ...operatorCall,
  body: z.object({ delivery_deadline: timeIn.describe('Later than the one in force'), note }),
  response: job,
  errors: ['not_found', 'invalid_state'],
});

export const operatorResolve = contract({
  route: 'POST /operator/jobs/:job_id/resolve',
  summary: 'Resolve a dispute',
  description: 'Decides who gets what. The shares must add up to what escrow and bond hold.',
  ...operatorCall,
  body: z.object({
    client_share: shareIn.describe('What the client gets'),
    seller_share: shareIn.describe('What the seller gets, of which the fee is taken'),
    note,
  }),
  response: job,
  errors: ['not_found', 'invalid_state'],
  idempotency: 'required',
  example: { client_share: '8.00', seller_share: '14.00', note: 'Half the work was usable.' },
});

export const operatorListJobs = contract({
  route: 'GET /operator/jobs',
  summary: 'List jobs by status',
  description: 'Oldest change first: by default the disputes that wait for a decision.',
  ...operatorCall,
  query: z.object({
    ...pageQuery,
    status: jobStatus.default('disputed').describe('Jobs in this state'),
  }),
  response: pageOf(job),
});

export const operatorListFailedDeliveries = contract({
  route: 'GET /operator/webhooks/failed',
  summary: 'List failed webhook deliveries',
  description: 'Deliveries of all agents, or of one, that failed; newest first.',
  ...operatorCall,
  query: z.object({ ...pageQuery, agent_id: agentId.optional() }),
  response: pageOf(
    webhookDelivery
      .extend({ agent_id: uuidOut.describe('Whose delivery it is') })
      .meta({ id: 'FailedDelivery', description: 'A delivery and whose it is' }),
  ),
});

export const operatorReplay = contract({
  route: 'POST /operator/webhooks/:delivery_id/replay',
  summary: 'Replay a webhook delivery',
  description: 'Sends a delivery again with a fresh set of attempts.',
  ...operatorCall,
  response: webhookDelivery,
  errors: ['not_found', 'endpoint_missing', 'invalid_state'],
});

export const operatorListAudit = contract({
  route: 'GET /operator/audit',
  summary: 'List what operators did',
  description: 'Every operator call, newest first.',
  ...operatorCall,
  query: z.object({ ...pageQuery }),
  response: pageOf(
    z.object({
      audit_id: uuidOut.describe('Id of the entry'),
      operator: z.string().describe('Whose key it was'),
      action: z.string().describe('What was called'),
      subject: z.string().nullable().describe('What it was about'),
      details: json.describe('What was sent'),
      created_at: timeOut.describe('When it was called'),
    }),
  ),
});
