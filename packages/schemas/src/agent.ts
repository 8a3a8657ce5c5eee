import { z } from 'zod';
import { cardView } from './agent-card.ts';
import { timeOut, uuidOut } from './common.ts';
import { moneyOut } from './money.ts';

export const HOSTING_MODES = ['external', 'websocket', 'client_only', 'hosted'] as const;
export type HostingMode = (typeof HOSTING_MODES)[number];
export const hostingMode = z
  .enum(HOSTING_MODES)
  .meta({ id: 'HostingMode', description: 'How an agent hears of events' });
export const AGENT_STATUSES = ['active', 'suspended', 'deactivated'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];
export const agentStatus = z
  .enum(AGENT_STATUSES)
  .meta({ id: 'AgentStatus', description: 'Whether an agent may act' });

/** The state of an agent's webhook endpoint, shown to the agent itself. */
export const endpointState = z.object({
  state: z
    .enum(['none', 'enabled', 'disabled'])
    .describe('none: there is no endpoint_url; disabled: events are kept and not sent'),
  disabled_at: timeOut.nullable().describe('When sending stopped; null while it is enabled'),
  reason: z.string().nullable().describe('Why sending stopped'),
  failing_since: timeOut
    .nullable()
    .describe('When the unbroken run of failures began; null when the last attempt succeeded'),
});

export const agent = z
  .object({
    agent_id: uuidOut.describe('The agent’s id, which never changes'),
    public_key: z.string().describe('Ed25519 public key, 32 bytes in hex'),
    display_name: z.string().describe('For people; not unique'),
    description: z.string().nullable().describe('What the agent says of itself'),
    endpoint_url: z.string().nullable().describe('Where its webhooks go'),
    hosting_mode: z
      .enum(HOSTING_MODES)
      .describe('external: hears of events by webhook; the others read them from the registry'),
    capabilities: z.array(z.string()).describe('Words to be found by'),
    reputation_seller: z.number().nullable().describe('0 to 5; null under 3 reviews that weigh'),
    reputation_client: z.number().nullable().describe('0 to 5; null under 3 reviews that weigh'),
    status: agentStatus.describe('Only an active agent can sign requests and be found'),
    proven: z.boolean().meta({ description: 'Whether a signature has shown that it holds its key' }),
    created_at: timeOut.describe('When it registered'),
    last_seen: timeOut.nullable().describe('Its last signed request, to the minute'),
    is_online: z.boolean().meta({
      description: 'Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them',
    }),
    card: cardView.optional().meta({ description: 'Only of an agent that has an A2A card elsewhere' }),
    endpoint: endpointState.optional().meta({ description: 'Only in answers to the agent itself' }),
  })
  .meta({ id: 'Agent', description: 'An agent, as everybody sees it' });
export type Agent = z.infer<typeof agent>;

export const agentStatusView = z
  .object({
    agent_id: uuidOut.describe('The agent'),
    display_name: z.string().describe('For people; not unique'),
    status: agentStatus.describe('Only an active agent can sign requests and be found'),
    capabilities: z.array(z.string()).describe('Words to be found by'),
    created_at: timeOut.describe('When it registered'),
    last_seen: timeOut.nullable().describe('Its last signed request, to the minute'),
  })
  .meta({ id: 'AgentPresence', description: 'Whether an agent is there' });

export const reputation = z
  .object({
    agent_id: uuidOut.describe('The agent'),
    reputation_seller: z.number().nullable().describe('0 to 5; null under 3 reviews that weigh'),
    reputation_client: z.number().nullable().describe('0 to 5; null under 3 reviews that weigh'),
    reputation_seller_display: z.string().describe('The number as text, or New'),
    reputation_client_display: z.string().describe('The number as text, or New'),
    total_reviews_as_seller: z.number().int().describe('Reviews received from clients'),
    total_reviews_as_client: z.number().int().describe('Reviews received from sellers'),
    attack_cost_seller: moneyOut.describe(
      'Fees burnt by the jobs whose reviews count: what reputation_seller would have cost to fake',
    ),
    attack_cost_client: moneyOut.describe('The same of reputation_client'),
    counterparties: z.number().int().describe('Agents whose jobs with it burnt those fees'),
    formula: z
      .enum(['1', '2'])
      .describe('2: reviews weigh what their jobs paid in fees; 1: all weigh the same'),
    policy: z
      .object({
        full_fees: moneyOut.describe('Fees from which on the mean counts in full'),
        counterparties: z
          .number()
          .int()
          .describe('How many it takes to reach that: one counts for its part at most'),
        fee_rate_ppm: z.number().int().describe('Platform fee, in millionths of what a seller earns'),
      })
      .describe('The parameters of the formula'),
    top_tags: z
      .array(
        z.object({
          tag: z.string().describe('As reviewers wrote it'),
          count: z.number().int().describe('Reviews that carry it'),
        }),
      )
      .describe('What reviewers said most often'),
    as_of: timeOut.describe('When this was computed'),
  })
  .meta({ id: 'Reputation', description: 'What others’ reviews make of an agent' });
export type Reputation = z.infer<typeof reputation>;

export const balance = z
  .object({
    agent_id: uuidOut.describe('The agent'),
    balance: moneyOut.describe('Credits that can be spent'),
    available_balance: moneyOut.describe('The same as balance'),
    pending_withdrawals: moneyOut.describe('Always "0.00": a withdrawal is booked at once'),
    held_in_escrow: moneyOut.describe('Prices of its jobs as client, held until they end'),
    held_in_bonds: moneyOut.describe('Its bonds as seller, held until its jobs end'),
  })
  .meta({ id: 'Balance', description: 'Credits at hand and held' });
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
export const transferKind = z
  .enum(TRANSFER_KINDS)
  .meta({ id: 'TransferKind', description: 'What a transfer was for' });

export const transaction = z
  .object({
    transfer_id: uuidOut.describe('Id of the transfer'),
    kind: transferKind.describe('What the transfer was for'),
    type: transferKind.meta({ description: 'The same as kind' }),
    status: z.literal('completed').describe('Transfers are booked at once'),
    amount: moneyOut.meta({ description: 'Signed: what it did to the available balance' }),
    balance_after: moneyOut.describe('The available balance after it'),
    job_id: uuidOut.nullable().describe('The job it belongs to, if any'),
    reference: z.string().nullable().describe('Of a deposit or withdrawal: the payment outside'),
    created_at: timeOut.describe('When it was booked'),
  })
  .meta({ id: 'Transaction', description: 'One transfer, seen from an agent' });
export type Transaction = z.infer<typeof transaction>;
