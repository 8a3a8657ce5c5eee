import { randomBytes } from 'node:crypto';
import { type AgentCalls, type AgentClient, type CallOptions, generateKeyPair } from '@agent-registry/client';
import { busySuite, type Flooder, type Targets } from './flooders.ts';

/** An endpoint that agents may call, as the contracts have them. */
export type Route = keyof AgentCalls<CallOptions>;
type Call = (by: Flooder, targets: Targets) => Promise<unknown>;

const one = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)]!;
/** Nothing that a database could compress away. */
const BULKY = randomBytes(150_000).toString('base64');
let made = 0;
let left = 0;

/** What is done to the last job of the flooder, or to one that is not there. */
const onJob =
  (call: (client: AgentClient, input: { job_id: string }) => Promise<unknown>): Call =>
  (by) =>
    call(by.client, { job_id: by.jobs.at(-1) ?? by.agentId });
const listingOf = (by: Flooder) => ({ listing_id: by.listings.at(-1) ?? by.agentId });

async function propose(by: Flooder, sellers: readonly Flooder[], sellerId: string, more: object) {
  const { job_id } = await by.client.proposeJob({ seller_agent_id: sellerId, max_budget: '0.01', ...more });
  by.jobs.push(job_id);
  sellers.find(({ agentId }) => agentId === sellerId)?.jobs.push(job_id);
}

/** How a flooder calls every route, and in several ways those that cost others most. A new contract is a type error until it is here. */
export const CALLS: Readonly<Record<Route, Call | readonly Call[]>> = {
  registerAgent: ({ client }) =>
    client.registerAgent({ public_key: generateKeyPair().publicKey, display_name: 'One more' }),
  getAgent: ({ client }, { victimId }) => client.getAgent({ agent_id: victimId }),
  updateAgent: ({ client }, { strangerUrl }) => {
    made += 1;
    return client.updateAgent({ endpoint_url: `${strangerUrl}/?n=${made}` });
  },
  // The last ones leave, so that the first ones go on.
  deleteAgent: (_, { flooders }) => {
    left += 1;
    return flooders.at(-left)!.client.deleteAgent();
  },
  rotateKey: (by) => by.rotateKey(),
  rotateWebhookSecret: ({ client }) => client.rotateWebhookSecret({ force: true }),
  listAgentKeys: ({ client }, { victimId }) => client.listAgentKeys({ agent_id: victimId }),
  getAgentStatus: ({ client }, { victimId }) => client.getAgentStatus({ agent_id: victimId }),
  getReputation: ({ client }, { victimId }) => client.getReputation({ agent_id: victimId }),
  listAgentReviews: ({ client }, { victimId }) => client.listAgentReviews({ agent_id: victimId }),
  getBalance: ({ client }) => client.getBalance(),
  listTransactions: ({ client }) => client.listTransactions(),
  depositCredits: ({ client }) => client.depositCredits({ amount: '1.00' }),
  proposeJob: [
    (by, { victimId, flooders }) => propose(by, flooders, victimId, { requirements: BULKY }),
    (by, { flooders }) => propose(by, flooders, one(flooders).agentId, { requirements: BULKY }),
    (by, { flooders }) => propose(by, flooders, one(flooders).agentId, { acceptance_criteria: busySuite }),
  ],
  listJobs: ({ client }) => client.listJobs({ limit: 100 }),
  getJob: onJob((client, input) => client.getJob(input)),
  counterJob: onJob((client, input) =>
    client.counterJob({ ...input, proposed_price: '0.02', counter_terms: { note: BULKY } }),
  ),
  acceptJob: onJob((client, input) => client.acceptJob(input)),
  cancelJob: onJob((client, input) => client.cancelJob(input)),
  fundJob: onJob((client, input) => client.fundJob(input)),
  startJob: onJob((client, input) => client.startJob(input)),
  deliverJob: onJob((client, input) => client.deliverJob({ ...input, result: BULKY })),
  verifyJob: onJob((client, input) => client.verifyJob(input)),
  getJobReceipt: onJob((client, input) => client.getJobReceipt(input)),
  listVerifications: onJob((client, input) => client.listVerifications(input)),
  completeJob: onJob((client, input) => client.completeJob(input)),
  failJob: onJob((client, input) => client.failJob(input)),
  abortJob: onJob((client, input) => client.abortJob(input)),
  disputeJob: onJob((client, input) => client.disputeJob({ ...input, reason: 'x'.repeat(1_000) })),
  offerSettlement: onJob((client, input) =>
    client.offerSettlement({ ...input, client_share: '0.01', seller_share: '0.00', note: 'x'.repeat(2_000) }),
  ),
  acceptSettlement: onJob((client, input) =>
    client.acceptSettlement({ ...input, offer_hash: '0'.repeat(64) }),
  ),
  addEvidence: onJob((client, input) => client.addEvidence({ ...input, name: 'A file', content: BULKY })),
  listEvidence: onJob((client, input) => client.listEvidence(input)),
  getEvidence: onJob((client, input) => client.getEvidence({ ...input, evidence_id: input.job_id })),
  createReview: onJob((client, input) => client.createReview({ ...input, rating: 5 })),
  listJobReviews: onJob((client, input) => client.listJobReviews(input)),
  listJobEvents: onJob((client, input) => client.listJobEvents(input)),
  createListing: async (by) => {
    made += 1;
    const terms = { skill_id: `s${made}`, base_price: '0.01', description: 'honest '.repeat(500) };
    by.listings.push((await by.client.createListing(terms)).listing_id);
  },
  getListing: (by) => by.client.getListing(listingOf(by)),
  updateListing: (by) =>
    by.client.updateListing({ ...listingOf(by), description: 'honest '.repeat(500), base_price: '0.02' }),
  listAgentListings: ({ client, agentId }) => client.listAgentListings({ agent_id: agentId }),
  listListings: ({ client }) => client.listListings({ limit: 100 }),
  discover: [
    ({ client }) => client.discover({ q: 'honest', limit: 100 }),
    ({ client }) => client.discover({ limit: 100, online: true }),
  ],
  checkCriteria: async (by) => {
    const check = { acceptance_criteria: busySuite, samples: [], repeats: 1 };
    by.checks.push((await by.client.checkCriteria(check, { waitSeconds: 0 })).check_id);
  },
  getCriteriaCheck: (by) => by.client.getCriteriaCheck({ check_id: by.checks.at(-1) ?? by.agentId }),
  listAgentEvents: ({ client }) => client.listAgentEvents({ limit: 100 }),
  listWebhooks: ({ client }) => client.listWebhooks(),
  redeliverWebhook: async ({ client, agentId }) => {
    const [delivery] = await client.listWebhooks({ limit: 1 });
    return client.redeliverWebhook({ delivery_id: delivery?.delivery_id ?? agentId });
  },
  replayWebhooks: ({ client }) =>
    client.replayWebhooks({ since: '2020-01-01T00:00:00Z', until: new Date().toISOString() }),
  testWebhook: ({ client }) => client.testWebhook(),
  getFees: ({ client }) => client.getFees(),
  getLog: ({ client }) => client.getLog(),
  getAgentCard: ({ client, agentId }) => client.getAgentCard({ agent_id: agentId }),
  getCardReport: ({ client }) => client.getCardReport(),
  checkCard: ({ client }) => client.checkCard(),
  searchArd: ({ client }) => client.searchArd({ query: { text: 'an honest agent' }, pageSize: 100 }),
  getArdEntry: ({ client, agentId }) =>
    client.getArdEntry({ identifier: `urn:air:localhost:agent:${agentId}` }),
};
