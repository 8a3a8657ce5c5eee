import { type AgentClient, type AgentEvent, type Connection, register } from '@agent-registry/client';
import { beforeAll, expect, test } from '@jest/globals';
import { killOnce } from './storm/kills.ts';
import { createProgress } from './testing/progress.ts';
import { useE2eStack } from './testing/use-stack.ts';

const writerCount = 10;
const readerCount = 3;
const jobsEach = 12;
const timeoutMs = 300_000;
const stack = useE2eStack({}, { runner: false });
let connection: Connection;

beforeAll(() => {
  // Agents that do not give up while a part of the registry is away.
  connection = { baseUrl: stack.apiUrl, maxRetries: 40, timeoutMs: 30_000 };
});

const joinMarket = (name: string) =>
  register(connection, { display_name: name, hosting_mode: 'client_only' });

/** Proposes jobs to the seller and takes each back: two events for the seller each. Resolves to the jobs. */
async function write(client: AgentClient, sellerId: string, wrote: () => void): Promise<string[]> {
  const jobs: string[] = [];
  for (let n = 0; n < jobsEach; n += 1) {
    const { job_id } = await client.proposeJob({ seller_agent_id: sellerId, max_budget: '1.00' });
    await client.cancelJob({ job_id });
    jobs.push(job_id);
    wrote();
  }
  return jobs;
}

/** Follows the feed from its beginning until it has as many events. */
async function read(client: AgentClient, count: number): Promise<AgentEvent[]> {
  const seen: AgentEvent[] = [];
  for await (const event of client.events()) {
    seen.push(event);
    if (seen.length === count) break;
  }
  return seen;
}

test(
  'ten writers, three readers, and kills of api and Postgres in the middle: each reader has every event once and in one order',
  async () => {
    const seller = await joinMarket('Seller');
    const sellerId = seller.agent.agent_id;
    const clients = await Promise.all(
      Array.from({ length: writerCount }, (_, n) => joinMarket(`Client ${n}`)),
    );
    const eventCount = writerCount * jobsEach * 2;
    const progress = createProgress();
    const kills = (async () => {
      for (const [at, part] of [
        [20, 'api'],
        [45, 'postgres'],
        [70, 'api'],
        [95, 'postgres'],
      ] as const) {
        await progress.reaches(at);
        await killOnce(stack, part);
      }
    })();
    const readers = Array.from({ length: readerCount }, () => read(seller.client, eventCount));
    const jobs = await Promise.all(clients.map(({ client }) => write(client, sellerId, progress.step)));
    await kills;
    const seen = await Promise.all(readers);

    const ids = seen.map((events) => events.map(({ event_id }) => event_id));
    for (const other of ids.slice(1)) expect(other).toEqual(ids[0]);
    expect(new Set(ids[0]).size).toBe(eventCount);
    for (const jobId of jobs.flat()) {
      const story = seen[0]!.filter((event) => event.job_id === jobId).map(({ event }) => event);
      expect(story).toEqual(['job.proposed', 'job.cancelled']);
    }
    const { items, next } = await seller.client.listAgentEvents({ after: seen[0]!.at(-1)!.cursor });
    expect(items).toEqual([]);
    expect(next).toBe(seen[0]!.at(-1)!.cursor);
  },
  timeoutMs,
);
