import {
  type AgentClient,
  type Connection,
  createAgentClient,
  generateKeyPair,
  type KeyPair,
  proveRotation,
} from '@agent-registry/client';
import { createSealer } from '@agent-registry/signing';
import type pg from 'pg';
import { driveJob, script, suite } from '../../testing/index.ts';

/** An agent of the flood, and what it knows of the jobs it is in. */
export interface Flooder {
  readonly agentId: string;
  /** Signs with the key in force. */
  client: AgentClient;
  readonly jobs: string[];
  readonly listings: string[];
  readonly checks: string[];
  rotateKey(): Promise<void>;
}

export interface Targets {
  readonly flooders: readonly Flooder[];
  /** An agent that the flood is aimed at. */
  readonly victimId: string;
  /** Somebody’s server, which has nothing to do with the registry and answers 404. */
  readonly strangerUrl: string;
}

/** Inserts agents with credits by SQL, past the rate limit of registrations. */
export async function seedFlooders(
  db: pg.Client,
  { count, sealingKey, connection }: { count: number; sealingKey: string; connection: Connection },
): Promise<Flooder[]> {
  const sealer = createSealer({ currentKey: sealingKey });
  const made = Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-7000-8000-${String(index + 1).padStart(12, '0')}`,
    keys: generateKeyPair(),
  }));
  const secretOf = (id: string) =>
    sealer.seal(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, `webhook-secret:${id}`);
  await db.query(
    `INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_as_of, webhook_secret, proven_at, created_at, updated_at)
     SELECT id, key, 'Flooder ' || n, 'client_only', '{}', 'active', now(), secret, now(), now(), now()
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS made (id, key, secret, n)`,
    [made.map(({ id }) => id), made.map(({ keys }) => keys.publicKey), made.map(({ id }) => secretOf(id))],
  );
  await db.query(
    `INSERT INTO accounts (account_id, kind, owner_id, balance)
     SELECT gen_random_uuid(), 'agent', agent_id, 0 FROM agents WHERE agent_id = ANY ($1::uuid[])`,
    [made.map(({ id }) => id)],
  );
  return made.map(({ id, keys }) => newFlooder(connection, id, keys));
}

function newFlooder(connection: Connection, agentId: string, keys: KeyPair): Flooder {
  const clientOf = ({ privateKey }: KeyPair) => createAgentClient({ ...connection, agentId, privateKey });
  const flooder: Flooder = {
    agentId,
    client: clientOf(keys),
    jobs: [],
    listings: [],
    checks: [],
    async rotateKey() {
      const next = generateKeyPair();
      await flooder.client.rotateKey(proveRotation(agentId, next));
      flooder.client = clientOf(next);
    },
  };
  return flooder;
}

/** Keeps a runner busy for three seconds. */
export const busySuite = suite(
  script('const until = Date.now() + 3000; while (Date.now() < until); assert(true)'),
);

/** Two flooders have a suite run. */
export async function playSuite(client: Flooder, seller: Flooder): Promise<void> {
  const terms = { max_budget: '0.01', acceptance_criteria: busySuite };
  client.jobs.push(await driveJob({ client, seller }, 'delivered', terms));
}
