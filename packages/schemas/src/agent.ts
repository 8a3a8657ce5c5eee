import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { moneyOut } from './money.ts';

export const HOSTING_MODES = ['external', 'websocket', 'client_only', 'hosted'] as const;
export type HostingMode = (typeof HOSTING_MODES)[number];
export const AGENT_STATUSES = ['active', 'suspended', 'deactivated'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** The state of an agent's webhook endpoint, shown to the agent itself. */
export const endpointState = z.object({
  state: z.enum(['none', 'enabled', 'disabled']),
  disabled_at: timeOut.nullable(),
  reason: z.string().nullable(),
  failing_since: timeOut.nullable(),
});

export const agent = z
  .object({
    agent_id: uuidOut,
    public_key: z.string(),
    display_name: z.string(),
    description: z.string().nullable(),
    endpoint_url: z.string().nullable(),
    hosting_mode: z.enum(HOSTING_MODES),
    capabilities: z.array(z.string()),
    reputation_seller: z.number().nullable(),
    reputation_client: z.number().nullable(),
    status: z.enum(AGENT_STATUSES),
    proven: z.boolean().meta({ description: 'Whether a signature has shown that it holds its key' }),
    created_at: timeOut,
    last_seen: timeOut.nullable(),
    is_online: z.boolean().meta({
      description: 'Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them',
    }),
    endpoint: endpointState.optional().meta({ description: 'Only in answers to the agent itself' }),
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof agent>;

export const agentStatusView = z
  .object({
    agent_id: uuidOut,
    display_name: z.string(),
    status: z.enum(AGENT_STATUSES),
    capabilities: z.array(z.string()),
    created_at: timeOut,
    last_seen: timeOut.nullable(),
  })
  .meta({ id: 'AgentStatus' });

export const reputation = z
  .object({
    agent_id: uuidOut,
    reputation_seller: z.number().nullable(),
    reputation_client: z.number().nullable(),
    reputation_seller_display: z.string(),
    reputation_client_display: z.string(),
    total_reviews_as_seller: z.number().int(),
    total_reviews_as_client: z.number().int(),
    top_tags: z.array(z.object({ tag: z.string(), count: z.number().int() })),
    as_of: timeOut,
  })
  .meta({ id: 'Reputation' });
export type Reputation = z.infer<typeof reputation>;

export const balance = z
  .object({
    agent_id: uuidOut,
    balance: moneyOut,
    available_balance: moneyOut,
    pending_withdrawals: moneyOut,
    held_in_escrow: moneyOut,
    held_in_bonds: moneyOut,
  })
  .meta({ id: 'Balance' });
export type Balance = z.infer<typeof balance>;

export const TRANSFER_KINDS = [
  'deposit',
  'withdrawal',
  'escrow_hold',
  'bond_hold',
  'escrow_release',
  'escrow_refund',
  'bond_return',
  'bond_forfeit',
  'abort_penalty',
  'dispute_split',
  'platform_fee',
  'fee_withdrawal',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

export const transaction = z
  .object({
    transfer_id: uuidOut,
    kind: z.enum(TRANSFER_KINDS),
    type: z.enum(TRANSFER_KINDS).meta({ description: 'The same as kind' }),
    status: z.literal('completed'),
    amount: moneyOut.meta({ description: 'Signed: what it did to the available balance' }),
    balance_after: moneyOut,
    job_id: uuidOut.nullable(),
    reference: z.string().nullable(),
    created_at: timeOut,
  })
  .meta({ id: 'Transaction' });
export type Transaction = z.infer<typeof transaction>;
