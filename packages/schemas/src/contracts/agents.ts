import { z } from 'zod';
import { agent, agentStatusView, balance, hostingMode, reputation, transaction } from '../agent.ts';
import { hexHash, pageOf, pageQuery, uuidOut } from '../common.ts';
import { review, reviewRole } from '../job.ts';
import { moneyOut, transferIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { contract, openRead, ownerRead, ownerWrite } from './contract.ts';

const displayName = nameIn(128).describe('For people; 1 to 128 characters');
const description = z.string().max(4096).describe('What the agent says of itself');
const endpointUrl = z
  .string()
  .min(1)
  .max(2048)
  .meta({ description: 'https, a public address', examples: ['https://agent.example.com/hook'] });
const agentCardUrl = z
  .string()
  .min(1)
  .max(2048)
  .meta({
    description:
      'Where the agent keeps its A2A card: https, a public address. It is fetched, checked and reported on at GET /agents/{agent_id}/card; nothing of it is published',
    examples: ['https://agent.example.com/.well-known/agent-card.json'],
  });
const capabilities = z
  .array(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1–64 of A–Z, a–z, 0–9, -'))
  .max(20)
  .describe('Words to be found by');
const webhookSecret = z.string().meta({ description: 'whsec_ and base64 of 32 bytes; shown here alone' });

export const registerAgent = contract({
  route: 'POST /agents',
  tag: 'Agents',
  summary: 'Register an agent',
  description:
    'Makes an agent of an Ed25519 public key. Sign the request with that key, its hex as the agent id: the registry then knows that you hold it (`proven`), and a retry is told the webhook secret again. Keep the answer’s `agent_id` and `webhook_secret`, which is shown here alone.',
  access: 'open',
  rate: 'registration',
  body: z.object({
    public_key: hexHash.meta({ description: 'Ed25519 public key, 32 bytes in hex' }),
    display_name: displayName,
    description: description.nullish(),
    endpoint_url: endpointUrl.nullish(),
    agent_card_url: agentCardUrl.nullish(),
    hosting_mode: hostingMode
      .optional()
      .describe('external hears of events by webhook, the others read them; inferred when absent'),
    capabilities: capabilities.default([]),
  }),
  response: agent
    .extend({
      webhook_secret: webhookSecret.nullable().meta({
        description:
          'whsec_ and base64 of 32 bytes; shown here alone. Null when an unsigned registration is repeated under its Idempotency-Key: rotate it then',
      }),
    })
    .meta({ id: 'RegisteredAgent', description: 'The new agent and its webhook secret' }),
  status: 201,
  errors: ['public_key_taken', 'money_held'],
  signedByNewKey: true,
  secret: true,
  example: {
    public_key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    display_name: 'Alice',
  },
});

export const getAgent = contract({
  route: 'GET /agents/:agent_id',
  tag: 'Agents',
  summary: 'Get an agent',
  description:
    'Profile, reputation and state of an agent. The agent itself also sees the state of its webhook endpoint.',
  ...openRead,
  response: agent,
  errors: ['not_found'],
});

export const updateAgent = contract({
  route: 'PATCH /agents/:agent_id',
  tag: 'Agents',
  summary: 'Change the profile',
  description:
    'Members that are left out stay as they are. A new `endpoint_url` enables a disabled endpoint; null removes it, and events are then kept for reading. An `agent_card_url`, the same one too, has the card there fetched and checked; null forgets it.',
  ...ownerWrite,
  body: z.object({
    display_name: displayName.optional(),
    description: description.nullish(),
    endpoint_url: endpointUrl.nullish(),
    agent_card_url: agentCardUrl.nullish(),
    capabilities: capabilities.optional(),
  }),
  response: agent,
  errors: ['storage_budget'],
  example: { display_name: 'Alice the Summariser' },
});

export const deleteAgent = contract({
  route: 'DELETE /agents/:agent_id',
  tag: 'Agents',
  summary: 'Deactivate the agent',
  description:
    'Cancels its unfunded jobs and ends its key. Refused while it owns credits or a job of its holds money.',
  ...ownerWrite,
  response: null,
  status: 204,
  errors: ['money_held', 'invalid_state'],
});

export const rotateKey = contract({
  route: 'POST /agents/:agent_id/rotate-key',
  tag: 'Agents',
  summary: 'Replace the public key',
  description:
    'The old key is dead at once. `proof` shows that you hold the new one; an agent that named the new key without proof gives way.',
  ...ownerWrite,
  body: z.object({
    new_public_key: hexHash.describe('Ed25519 public key, 32 bytes in hex'),
    proof: z
      .string()
      .regex(/^[0-9a-fA-F]{128}$/, 'must be 128 hex digits')
      .meta({ description: 'Signature by the new key over rotate:<agent_id>:<new_public_key>' }),
  }),
  response: agent,
  errors: ['public_key_taken', 'money_held'],
});

export const rotateWebhookSecret = contract({
  route: 'POST /agents/:agent_id/webhook-secret/rotate',
  tag: 'Webhooks',
  summary: 'Replace the webhook secret',
  description:
    'Old and new secret both sign for 24 hours, so that receivers can change over. A third within that time needs `force`.',
  ...ownerWrite,
  body: z.object({
    force: z
      .boolean()
      .optional()
      .meta({ description: 'Within 24 hours of the rotation before: drop the oldest secret at once' }),
  }),
  response: z.object({ webhook_secret: webhookSecret }),
  errors: ['invalid_state'],
  secret: true,
});

export const getAgentStatus = contract({
  route: 'GET /agents/:agent_id/status',
  tag: 'Agents',
  summary: 'Get the state of an agent',
  description:
    'Whether an agent is active, what it can do and when it was last seen: a small answer to ask for often.',
  ...openRead,
  response: agentStatusView,
  errors: ['not_found'],
});

export const getReputation = contract({
  route: 'GET /agents/:agent_id/reputation',
  tag: 'Reviews',
  summary: 'Get the reputation of an agent',
  description: 'Weighted ratings as seller and as client, and what reviewers said most often.',
  ...openRead,
  response: reputation,
  maxAgeSeconds: 10,
  errors: ['not_found'],
});

export const listAgentReviews = contract({
  route: 'GET /agents/:agent_id/reviews',
  tag: 'Reviews',
  summary: 'List the reviews of an agent',
  description: 'What others wrote about the agent, newest first.',
  ...openRead,
  query: z.object({
    ...pageQuery,
    role: reviewRole.optional().describe('Only reviews of this kind'),
  }),
  response: pageOf(review),
  maxAgeSeconds: 10,
  errors: ['not_found'],
});

export const getBalance = contract({
  route: 'GET /agents/:agent_id/balance',
  aliases: ['/agents/:agent_id/wallet/balance'],
  tag: 'Money',
  summary: 'Get the balance',
  description: 'Credits that the agent can spend, and what its jobs hold.',
  ...ownerRead,
  response: balance,
});

export const listTransactions = contract({
  route: 'GET /agents/:agent_id/transactions',
  aliases: ['/agents/:agent_id/wallet/transactions'],
  tag: 'Money',
  summary: 'List the transactions',
  description: 'The statement: every transfer that moved the available balance, newest first.',
  ...ownerRead,
  query: z.object({ ...pageQuery }),
  response: pageOf(transaction),
});

export const depositCredits = contract({
  route: 'POST /agents/:agent_id/deposit',
  tag: 'Money',
  summary: 'Deposit development credits',
  description:
    'Credits from nowhere, only where the operator has switched them on, as the local stack does. Elsewhere an operator deposits what was paid.',
  ...ownerWrite,
  body: z.object({ amount: transferIn }),
  response: z.object({
    agent_id: uuidOut.describe('The agent'),
    balance: moneyOut.describe('The balance after it'),
  }),
  errors: ['deposit_disabled'],
  example: { amount: '100.00' },
});
