import { type LoadAgent, registerAgents } from '../agents.ts';
import { callFor, createSender, type Sender } from '../load.ts';
import { type Scenario, Skipped } from '../scenario.ts';

const CALLERS = 8;
const EVENTS = 50;
const WAIT_SECONDS = 25;
const NOT_FOUND = 404;

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | number;
}

async function readFeed(
  sender: Sender,
  agent: LoadAgent,
  query: string,
  waitSeconds?: number,
): Promise<Page> {
  const asked = agent.sign('GET', `/v1/agents/${agent.id}/events`);
  const prefer = waitSeconds === undefined ? {} : { Prefer: `wait=${waitSeconds}` };
  const request = { ...asked, path: `${asked.path}${query}`, headers: { ...asked.headers, ...prefer } };
  return JSON.parse((await sender.send(request, 200)).text) as Page;
}

/** Something that the seller is told: a proposal, which its client takes back. */
async function causeEvents(sender: Sender, client: LoadAgent, seller: LoadAgent): Promise<void> {
  const proposal = { seller_agent_id: seller.id, max_budget: '0.01' };
  const { text } = await sender.send(client.sign('POST', '/v1/jobs', proposal), 201);
  const path = `/v1/jobs/${(JSON.parse(text) as { job_id: string }).job_id}/cancel`;
  await sender.send(client.sign('POST', path, {}), 200);
}

/** From the answer to what causes an event to that of the request that waits for it, ms. */
async function timeWait(sender: Sender, client: LoadAgent, seller: LoadAgent): Promise<number> {
  let { items, next } = await readFeed(sender, seller, '?limit=100');
  while (items.length > 0) ({ items, next } = await readFeed(sender, seller, `?limit=100&after=${next}`));
  const waiting = readFeed(sender, seller, `?after=${next}`, WAIT_SECONDS);
  const told = waiting.then(() => performance.now());
  await causeEvents(sender, client, seller);
  const causedAtMs = performance.now();
  return Math.max(0, (await told) - causedAtMs);
}

async function hasFeed(apiUrl: string, agent: LoadAgent): Promise<boolean> {
  const asked = agent.sign('GET', `/v1/agents/${agent.id}/events`);
  const response = await fetch(`${apiUrl}${asked.path}`, { headers: { ...asked.headers } });
  await response.arrayBuffer();
  return response.status !== NOT_FOUND;
}

export const eventFeed: Scenario = {
  name: 'event-feed',
  about: `a page of ${EVENTS * 2} events, and from an event to the answer of who waits for it`,
  needsRedis: true,
  open: async ({ stack }) => {
    const [client, seller, waiter] = (await registerAgents(stack, ['client', 'seller', 'waiter'])) as [
      LoadAgent,
      LoadAgent,
      LoadAgent,
    ];
    if (!(await hasFeed(stack.apiUrl, seller)))
      throw new Skipped('this checkout has no GET /agents/:id/events');
    const sender = createSender(stack.apiUrl, CALLERS);
    for (let event = 0; event < EVENTS; event += 1) await causeEvents(sender, client, seller);
    const read = async () => void (await readFeed(sender, seller, '?limit=100'));
    return {
      cases: [
        {
          label: 'event feed, a page',
          load: CALLERS,
          unit: 'request',
          floor: { express: 1, verify: 1, select: 1 },
          run: (seconds) => callFor(seconds, CALLERS, read),
        },
        {
          label: 'event → waiting request',
          load: 1,
          unit: 'event',
          run: (seconds) => callFor(seconds, 1, () => timeWait(sender, client, waiter)),
        },
      ],
      note: 'signed as sent',
      close: sender.close,
    };
  },
};
