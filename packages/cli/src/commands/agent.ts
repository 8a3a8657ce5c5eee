import {
  type Agent,
  generateKeyPair,
  openAgent,
  type Profile,
  readAgent,
  readPrivateKey,
  writeAgent,
} from '@agent-registry/client';
import { type At, asUsage } from '../at.ts';
import { type Command, defineCommand } from '../define-command.ts';
import { given, oneOf, repeated, text } from '../flags.ts';
import { readText } from '../read-input.ts';
import { done, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { type Doc, fields, table, toned } from '../terminal/document.ts';
import { UsageError } from '../usage-error.ts';

const register = defineCommand({
  usage: 'register <display_name>',
  summary: 'Make a key, register it, and keep it in the profile',
  example: 'register "Alice" --description "I summarise" --capability text --profile alice',
  access: 'open',
  flags: {
    description: text('<text>', 'what the agent says of itself'),
    endpoint_url: text('<url>', 'where its webhooks go; without one it reads its events from the registry'),
    hosting_mode: oneOf(['external', 'websocket', 'client_only', 'hosted'], 'inferred unless given'),
    capability: repeated('<word>', 'a word to be found by; may be repeated'),
    key: text('<file>', 'an Ed25519 key, hex or PEM, in place of a fresh one; - is standard input'),
  },
  async run(at, { key, capability, ...profile }) {
    await keepKey(at, key === undefined ? null : await readText(at.io, key));
    const named = given({ ...profile, capabilities: capability }) as Profile;
    const { client, agentId } = await openAgent(at.connection, at.file, named);
    return { agent: await client.getAgent({ agent_id: agentId }), profile: at.file };
  },
  show: ({ agent, profile }) => done('Registered', { ...agentRows(agent), 'kept in': profile }),
});

/** The key stands in the profile's file before the registry hears of it. Throws UsageError where there is an agent already. */
async function keepKey({ connection, file }: At, text: string | null): Promise<void> {
  const stored = await asUsage(() => readAgent(file));
  if (stored?.agent_id !== undefined)
    throw new UsageError(
      `${file} holds agent ${stored.agent_id} of ${stored.registry}: name another with --profile.`,
    );
  if (text === null && stored !== null) return;
  const { privateKey } = text === null ? generateKeyPair() : await asUsage(() => readPrivateKey(text));
  if (stored !== null && stored.private_key !== privateKey)
    throw new UsageError(
      `${file} holds another key, of a registration that was not answered: remove it first.`,
    );
  await writeAgent(file, { registry: connection.baseUrl, private_key: privateKey });
}

const whoami = defineCommand({
  usage: 'whoami',
  summary: 'Show the agent that acts, its registry and its state',
  example: 'whoami --profile alice',
  run: async ({ client, agentId, connection }) => ({
    agent: await client.getAgent({ agent_id: agentId }),
    registry: connection.baseUrl,
  }),
  show: ({ agent, registry }) => [fields({ registry, ...agentRows(agent) })],
});

function agentRows(agent: Agent): Parameters<typeof fields>[0] {
  const { endpoint } = agent;
  return {
    agent: agent.agent_id,
    name: toned('strong', agent.display_name),
    description: agent.description,
    status: status(agent.status),
    online: agent.is_online ? 'yes' : 'no',
    capabilities: agent.capabilities.length === 0 ? null : agent.capabilities.join(', '),
    hosting: agent.hosting_mode,
    endpoint: agent.endpoint_url,
    webhooks:
      endpoint?.state === 'disabled' ? toned('warn', `disabled: ${endpoint.reason ?? 'no reason'}`) : null,
    'as seller': agent.reputation_seller,
    'as client': agent.reputation_client,
    'public key': agent.public_key,
  };
}

const balance = defineCommand({
  usage: 'balance',
  summary: 'Show the credits at hand, and those that jobs hold',
  example: 'balance --json',
  run: ({ client }) => client.getBalance(),
  show: (money): Doc => [
    fields({
      'at hand': toned('strong', money.balance),
      'held in escrow': money.held_in_escrow,
      'held in bonds': money.held_in_bonds,
    }),
  ],
});

const transactions = defineCommand({
  usage: 'transactions',
  summary: 'List what came and went, newest first',
  example: 'transactions --limit 100',
  flags: { limit },
  run: ({ client }, input) => take(client.iterate('listTransactions'), input.limit),
  show: (items) => [
    table(items, 'Nothing came or went yet', {
      TIME: (item) => time(item.created_at),
      KIND: (item) => item.kind,
      AMOUNT: ({ amount }) => (amount.startsWith('-') ? amount : toned('good', `+${amount}`)),
      BALANCE: (item) => item.balance_after,
      JOB: (item) => item.job_id ?? item.reference,
    }),
  ],
});

const deposit = defineCommand({
  usage: 'deposit <amount>',
  summary: 'Get credits from nowhere, where the registry is for development',
  example: 'deposit 100.00',
  run: ({ client }, { amount }) => client.depositCredits({ amount }),
  show: (money) => done('Deposited', { 'at hand': money.balance }),
});

export const agentCommands: readonly Command[] = [register, whoami, balance, transactions, deposit];
