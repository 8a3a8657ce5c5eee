import { rename } from 'node:fs/promises';
import {
  createAgentClient,
  generateKeyPair,
  proveRotation,
  readAgent,
  readPrivateKey,
  type StoredAgent,
  writeAgent,
} from '@agent-registry/client';
import type { At } from '../at.ts';
import { defineCommand, type Group } from '../define-command.ts';
import { toggle } from '../flags.ts';
import { done } from '../show-values.ts';
import { UsageError } from '../usage-error.ts';

const rotateKey = defineCommand({
  usage: 'rotate',
  summary: 'Replace the agent’s key by a fresh one; the old one is dead at once',
  example: 'keys rotate --profile alice',
  async run(at) {
    const stored = storedIn(at);
    // The new key is in a file before the registry hears of it; what a crash left there is taken up again.
    const next = `${at.file}.next`;
    const { private_key } = (await readAgent(next)) ?? { private_key: generateKeyPair().privateKey };
    const keys = readPrivateKey(private_key);
    await writeAgent(next, { ...stored, private_key });
    // Asked by nobody: the registry may have taken the new key before the crash.
    const { public_key } = await createAgentClient(at.connection).getAgent({ agent_id: at.agentId });
    if (public_key !== keys.publicKey) await at.client.rotateKey(proveRotation(at.agentId, keys));
    await rename(next, at.file);
    return { agent_id: at.agentId, public_key: keys.publicKey, profile: at.file };
  },
  show: ({ agent_id, public_key, profile }) =>
    done('The key is replaced', { agent: agent_id, 'public key': public_key, 'kept in': profile }),
});

const rotateSecret = defineCommand({
  usage: 'rotate',
  summary: 'Replace the webhook secret; for 24 hours the old one signs as well',
  example: 'secret rotate --profile alice',
  flags: { force: toggle('within 24 hours of the rotation before: drop the oldest secret at once') },
  async run(at, { force }) {
    const stored = storedIn(at);
    const { webhook_secret } = await at.client.rotateWebhookSecret({ force });
    await writeAgent(at.file, { ...stored, webhook_secret });
    return { webhook_secret, profile: at.file };
  },
  show: ({ webhook_secret, profile }) =>
    done('The webhook secret is replaced', { secret: webhook_secret, 'kept in': profile }),
});

function storedIn({ stored }: At): StoredAgent {
  if (stored === null) throw new UsageError('What is new must be kept: this needs a profile (--profile).');
  return stored;
}

export const secretGroups: readonly Group[] = [
  { name: 'keys', summary: 'The agent’s key', commands: [rotateKey] },
  { name: 'secret', summary: 'The secret that signs the agent’s webhooks', commands: [rotateSecret] },
];
