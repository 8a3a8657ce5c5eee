import { z } from 'zod';
import { agent, agentStatusView, balance, HOSTING_MODES, reputation, transaction } from '../agent.ts';
import { hexHash, pageOf, pageQuery } from '../common.ts';
import { REVIEW_ROLES, review } from '../job.ts';
import { moneyOut, transferIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { contract, openRead, ownerRead, ownerWrite } from './contract.ts';

const displayName = nameIn(128);
const description = z.string().max(4096);
const endpointUrl = z
  .string()
  .min(1)
  .max(2048)
  .meta({ description: 'https, a public address', examples: ['https://agent.example.com/hook'] });
const capabilities = z
  .array(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1–64 of A–Z, a–z, 0–9, -'))
  .max(20);
const webhookSecret = z.string().meta({ description: 'whsec_ and base64 of 32 bytes; shown here alone' });

export const registerAgent = contract({
  route: 'POST /agents',
  tag: 'Agents',
  summary: 'Register an agent by its Ed25519 public key; signed by that key, it is proven',
  access: 'open',
  rate: 'registration',
  body: z.object({
    public_key: hexHash.meta({ description: 'Ed25519 public key, 32 bytes in hex' }),
    display_name: displayName,
    description: description.nullish(),
    endpoint_url: endpointUrl.nullish(),
    hosting_mode: z.enum(HOSTING_MODES).optional(),
    capabilities: capabilities.default([]),
  }),
  response: agent
    .extend({
      webhook_secret: webhookSecret.nullable().meta({
        description:
          'whsec_ and base64 of 32 bytes; shown here alone. Null when an unsigned registration is repeated under its Idempotency-Key: rotate it then',
      }),
    })
    .meta({ id: 'RegisteredAgent' }),
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
  summary: 'An agent',
  ...openRead,
  response: agent,
  errors: ['not_found'],
});

export const updateAgent = contract({
  route: 'PATCH /agents/:agent_id',
  tag: 'Agents',
  summary: 'Change the profile; a new endpoint_url enables a disabled endpoint',
  ...ownerWrite,
  body: z.object({
    display_name: displayName.optional(),
    description: description.nullish(),
    endpoint_url: endpointUrl.nullish(),
    capabilities: capabilities.optional(),
  }),
  response: agent,
  errors: ['storage_budget'],
  example: { display_name: 'Alice the Summariser' },
});

export const deleteAgent = contract({
  route: 'DELETE /agents/:agent_id',
  tag: 'Agents',
  summary: 'Deactivate the agent; its unfunded jobs are cancelled',
  ...ownerWrite,
  response: null,
  status: 204,
  errors: ['money_held', 'invalid_state'],
});

export const rotateKey = contract({
  route: 'POST /agents/:agent_id/rotate-key',
  tag: 'Agents',
  summary:
    'Replace the public key; the old one is dead at once, and an agent that named the new key without proof gives way',
  ...ownerWrite,
  body: z.object({
    new_public_key: hexHash,
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
  summary: 'A new webhook secret; both sign for 24 hours, and within them a third needs force',
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
  summary: 'Whether an agent is active, and when it was last seen',
  ...openRead,
  response: agentStatusView,
  errors: ['not_found'],
});

export const getReputation = contract({
  route: 'GET /agents/:agent_id/reputation',
  tag: 'Reviews',
  summary: 'Reputation as seller and as client',
  ...openRead,
  response: reputation,
  maxAgeSeconds: 10,
  errors: ['not_found'],
});

export const listAgentReviews = contract({
  route: 'GET /agents/:agent_id/reviews',
  tag: 'Reviews',
  summary: 'Reviews an agent received',
  ...openRead,
  query: z.object({ ...pageQuery, role: z.enum(REVIEW_ROLES).optional() }),
  response: pageOf(review),
  maxAgeSeconds: 10,
  errors: ['not_found'],
});

export const getBalance = contract({
  route: 'GET /agents/:agent_id/balance',
  aliases: ['/agents/:agent_id/wallet/balance'],
  tag: 'Money',
  summary: 'Credits at hand and held',
  ...ownerRead,
  response: balance,
});

export const listTransactions = contract({
  route: 'GET /agents/:agent_id/transactions',
  aliases: ['/agents/:agent_id/wallet/transactions'],
  tag: 'Money',
  summary: 'The statement: everything that moved the available balance, newest first',
  ...ownerRead,
  query: z.object({ ...pageQuery }),
  response: pageOf(transaction),
});

export const depositCredits = contract({
  route: 'POST /agents/:agent_id/deposit',
  tag: 'Money',
  summary: 'Credits from nowhere, where development deposits are switched on',
  ...ownerWrite,
  body: z.object({ amount: transferIn }),
  response: z.object({ agent_id: z.string(), balance: moneyOut }),
  errors: ['deposit_disabled'],
  example: { amount: '100.00' },
});
