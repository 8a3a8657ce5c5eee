import { criteriaHash } from '@agent-registry/client';
import { type LoadAgent, named, registerAgents } from './agents.ts';
import { callFor, createSender, type Sender } from './load.ts';
import type { Case, Opened, Subject } from './scenario.ts';

const PRICE = '0.01';
const DEPOSIT = '5000.00';
const VERDICT_SECONDS = 20;
const SIGNED_POSTS = 6;
/** A client may have 100 proposals open. */
const PROPOSALS_OF_A_CLIENT = 90;

export interface Pair {
  readonly client: LoadAgent;
  readonly seller: LoadAgent;
}

/** Sends what an agent signs now. */
async function post(sender: Sender, agent: LoadAgent, path: string, content: object, status = 200) {
  const { text } = await sender.send(agent.sign('POST', path, content), status);
  return JSON.parse(text) as Record<string, unknown>;
}

/** How a caller gets a job as far as `agreed`. Returns the path of its further steps. */
type Agree = (sender: Sender, pair: Pair, criteria?: object) => Promise<string>;

const agreeJob: Agree = async (sender, { client, seller }, criteria) => {
  const terms = criteria === undefined ? {} : { acceptance_criteria: criteria };
  const proposal = { seller_agent_id: seller.id, max_budget: PRICE, ...terms };
  const { job_id } = await post(sender, client, '/v1/jobs', proposal, 201);
  const path = `/v1/jobs/${String(job_id)}`;
  const accepted = criteria === undefined ? {} : { acceptance_criteria_hash: criteriaHash(criteria) };
  await post(sender, seller, `${path}/accept`, accepted).catch(async (error: unknown) => {
    // It must not stay open: a client may have so many only.
    await post(sender, client, `${path}/cancel`, {}).catch(() => undefined);
    throw error;
  });
  return path;
};

/** As `agreeJob`, with at most so many proposals open at once, whoever calls it. */
function agreeFewAtOnce(most: number): Agree {
  const lanes = Array.from({ length: most }, () => Promise.resolve());
  let calls = 0;
  return async (...job) => {
    const lane = calls++ % most;
    const agreed = lanes[lane]!.then(() => agreeJob(...job));
    lanes[lane] = agreed.then(
      () => undefined,
      () => undefined,
    );
    return agreed;
  };
}

/** Takes a job as far as `in_progress`: propose, accept, fund, start. Returns the path of its further steps. */
export async function startJob(
  sender: Sender,
  { client, seller }: Pair,
  criteria?: object,
  agree = agreeJob,
): Promise<string> {
  const path = await agree(sender, { client, seller }, criteria);
  await post(sender, client, `${path}/fund`, {});
  await post(sender, seller, `${path}/start`, {});
  return path;
}

/** Delivers, and waits until the client is told that it passed. */
export async function deliverAndPass(sender: Sender, { client, seller }: Pair, path: string): Promise<void> {
  await post(sender, seller, `${path}/deliver`, { result: { ok: true } });
  const asked = client.sign('POST', `${path}/verify`, {});
  const headers = { ...asked.headers, Prefer: `wait=${VERDICT_SECONDS}` };
  const { text } = await sender.send({ ...asked, headers }, 200);
  const { verification } = JSON.parse(text) as { verification: { passed: boolean } | null };
  if (verification?.passed !== true) throw new Error(`${path} was not passed: ${text}`);
}

/** A job's six signed POSTs. Returns its path. */
export async function liveJob(sender: Sender, pair: Pair, criteria?: object, agree?: Agree): Promise<string> {
  const path = await startJob(sender, pair, criteria, agree);
  if (criteria !== undefined) await deliverAndPass(sender, pair, path);
  else {
    await post(sender, pair.seller, `${path}/deliver`, { result: { ok: true } });
    await post(sender, pair.client, `${path}/complete`, {});
  }
  return path;
}

/** Clients with money, each with a seller. `shareClient`: one client for all of the sellers. */
export async function openPairs({ stack }: Subject, count: number, shareClient = false): Promise<Pair[]> {
  const clients = await registerAgents(stack, named('client', shareClient ? 1 : count));
  const sellers = await registerAgents(stack, named('seller', count));
  for (const { client } of clients) await client.depositCredits({ amount: DEPOSIT });
  return sellers.map((seller, index) => ({ seller, client: clients[shareClient ? 0 : index]! }));
}

interface Lifecycles {
  readonly label: string;
  readonly loads: readonly number[];
  readonly criteria?: object;
  readonly shareClient?: boolean;
}

/** Whole jobs by so many pairs of agents at once. Signed as they are sent: each path has the job's id. */
export async function openLifecycles(subject: Subject, wanted: Lifecycles): Promise<Opened> {
  const most = Math.max(...wanted.loads);
  const pairs = await openPairs(subject, most, wanted.shareClient);
  const sender = createSender(subject.stack.apiUrl, most);
  const agree = wanted.shareClient ? agreeFewAtOnce(PROPOSALS_OF_A_CLIENT) : agreeJob;
  const once = async (caller: number) => void (await liveJob(sender, pairs[caller]!, wanted.criteria, agree));
  const cases = wanted.loads.map(
    (load): Case => ({
      label: wanted.label,
      load,
      unit: 'job',
      floor: { express: SIGNED_POSTS, verify: SIGNED_POSTS, select: SIGNED_POSTS, commit: SIGNED_POSTS },
      run: (seconds) => callFor(seconds, load, once),
    }),
  );
  return { cases, note: 'signed as sent', close: sender.close };
}
