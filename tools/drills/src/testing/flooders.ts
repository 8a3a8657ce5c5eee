import {
  type AgentClient,
  type Connection,
  createAgentClient,
  generateKeyPair,
  type KeyPair,
} from '@agent-registry/client';
import { createSealer } from '@agent-registry/signing';
import { script, suite } from '@agent-registry/stack/testing';
import type pg from 'pg';

/** An agent of the flood, and what it knows of the jobs it is in. */
export interface Flooder {
  readonly agentId: string;
  readonly client: AgentClient;
  readonly jobs: string[];
}

export interface Targets {
  readonly flooders: readonly Flooder[];
  /** An agent that the flood is aimed at. */
  readonly victimId: string;
  /** Somebody’s server, which has nothing to do with the registry and answers 404. */
  readonly strangerUrl: string;
}

/** Agents that no limit of registrations let in, each with credits, written by SQL. */
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

function newFlooder(connection: Connection, agentId: string, { privateKey }: KeyPair): Flooder {
  const client = createAgentClient({ ...connection, agentId, privateKey });
  return { agentId, client, jobs: [] };
}

const one = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)]!;
const BULKY = 'x'.repeat(120_000);
const criteria = suite(script('const until = Date.now() + 3000; while (Date.now() < until); assert(true)'));
let made = 0;

type Deed = (by: Flooder, targets: Targets) => Promise<unknown>;
const onJob =
  (deed: (by: Flooder, input: { job_id: string }) => Promise<unknown>): Deed =>
  (by) =>
    deed(by, { job_id: by.jobs.at(-1) ?? by.agentId });

async function propose(by: Flooder, sellers: readonly Flooder[], sellerId: string, more: object) {
  const { job_id } = await by.client.proposeJob({ seller_agent_id: sellerId, max_budget: '0.01', ...more });
  by.jobs.push(job_id);
  sellers.find(({ agentId }) => agentId === sellerId)?.jobs.push(job_id);
}

/** What a flooder does: every route that agents have but those that would end it, and in several ways what costs others most. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  registerAgent: ({ client }) =>
    client.registerAgent({ public_key: generateKeyPair().publicKey, display_name: 'One more' }),
  getAgent: ({ client }, { victimId }) => client.getAgent({ agent_id: victimId }),
  pointAtStranger: ({ client }, { strangerUrl }) => {
    made += 1;
    return client.updateAgent({ endpoint_url: `${strangerUrl}/?n=${made}` });
  },
  rotateWebhookSecret: ({ client }) => client.rotateWebhookSecret({ force: true }),
  getAgentStatus: ({ client }, { victimId }) => client.getAgentStatus({ agent_id: victimId }),
  getReputation: ({ client }, { victimId }) => client.getReputation({ agent_id: victimId }),
  listAgentReviews: ({ client }, { victimId }) => client.listAgentReviews({ agent_id: victimId }),
  getBalance: ({ client }) => client.getBalance(),
  listTransactions: ({ client }) => client.listTransactions(),
  depositCredits: ({ client }) => client.depositCredits({ amount: '1.00' }),
  proposeToVictim: (by, { victimId, flooders }) => propose(by, flooders, victimId, { requirements: BULKY }),
  proposeToFlooder: (by, { flooders }) =>
    propose(by, flooders, one(flooders).agentId, { requirements: BULKY }),
  proposeWithSuite: (by, { flooders }) =>
    propose(by, flooders, one(flooders).agentId, { acceptance_criteria: criteria }),
  listJobs: ({ client }) => client.listJobs({ limit: 100 }),
  getJob: onJob(({ client }, input) => client.getJob(input)),
  counterJob: onJob(({ client }, input) =>
    client.counterJob({ ...input, proposed_price: '0.02', counter_terms: { note: BULKY } }),
  ),
  cancelJob: onJob(({ client }, input) => client.cancelJob(input)),
  verifyJob: onJob(({ client }, input) => client.verifyJob(input)),
  listVerifications: onJob(({ client }, input) => client.listVerifications(input)),
  completeJob: onJob(({ client }, input) => client.completeJob(input)),
  failJob: onJob(({ client }, input) => client.failJob(input)),
  abortJob: onJob(({ client }, input) => client.abortJob(input)),
  disputeJob: onJob(({ client }, input) => client.disputeJob({ ...input, reason: 'x'.repeat(1_000) })),
  createReview: onJob(({ client }, input) => client.createReview({ ...input, rating: 5 })),
  listJobReviews: onJob(({ client }, input) => client.listJobReviews(input)),
  listJobEvents: onJob(({ client }, input) => client.listJobEvents(input)),
  createListing: ({ client }) => {
    made += 1;
    return client.createListing({
      skill_id: `s${made}`,
      base_price: '0.01',
      description: 'honest '.repeat(500),
    });
  },
  listAgentListings: ({ client, agentId }) => client.listAgentListings({ agent_id: agentId }),
  listListings: ({ client }) => client.listListings({ limit: 100 }),
  discover: ({ client }) => client.discover({ q: 'honest', limit: 100 }),
  browse: ({ client }) => client.discover({ limit: 100 }),
  getFees: ({ client }) => client.getFees(),
  listWebhooks: ({ client }) => client.listWebhooks(),
  testWebhook: ({ client }) => client.testWebhook(),
  replayWebhooks: ({ client }) =>
    client.replayWebhooks({ since: '2020-01-01T00:00:00Z', until: new Date().toISOString() }),
};

/** Two flooders have a suite judged that keeps a runner busy for three seconds. */
export async function playSuite(client: Flooder, seller: Flooder): Promise<void> {
  const { job_id, acceptance_criteria_hash } = await client.client.proposeJob({
    seller_agent_id: seller.agentId,
    max_budget: '0.01',
    acceptance_criteria: criteria,
  });
  await seller.client.acceptJob({ job_id, acceptance_criteria_hash: acceptance_criteria_hash! });
  await client.client.fundJob({ job_id });
  await seller.client.startJob({ job_id });
  await seller.client.deliverJob({ job_id, result: 1 });
  client.jobs.push(job_id);
}
