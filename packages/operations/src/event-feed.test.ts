import { awaitFeed, type FeedEvent, readFeed } from '@agent-registry/db';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commit } from './commit.ts';
import { emit } from './emit.ts';
import type { Op } from './op.ts';
import { feedKey, flush } from './outbox.ts';
import { MAINTENANCE } from './sweep/maintenance.ts';
import { DAY, useHarness } from './testing/harness.ts';

const harness = useHarness();

const tell = (op: Op, ...agentIds: string[]) => emit(op, 'ping', null, {}, agentIds);
const idsOf = (events: readonly FeedEvent[]) => events.map(({ delivery_id }) => delivery_id);

/** Reads on from where it is until it finds nothing. */
async function readOn(agentId: string, seen: FeedEvent[], limit = 3): Promise<void> {
  for (;;) {
    const { events } = await readFeed(harness.deps.db, agentId, seen.at(-1)?.seq ?? 0n, limit);
    if (events.length === 0) return;
    seen.push(...events);
  }
}

/** A transaction that writes its events when told, and ends when told. */
function openWriter(agentIds: readonly string[]) {
  const written = Promise.withResolvers<string[]>();
  const end = Promise.withResolvers<boolean>();
  const whole = harness
    .run(async (op) => {
      tell(op, ...agentIds);
      await flush(op, { leaves: [], salts: [] });
      written.resolve(op.outbox.deliveries.splice(0).map(({ delivery_id }) => delivery_id));
      op.outbox.events.splice(0);
      if (!(await end.promise)) throw new Error('rolled back');
    })
    .catch((error: Error) => expect(error.message).toBe('rolled back'));
  return {
    written: written.promise,
    end: async (commits: boolean) => {
      end.resolve(commits);
      await whole;
    },
  };
}

test('whatever the order in which transactions write, commit or roll back, no event appears behind a cursor that was given out', async () => {
  const steps = fc.array(
    fc.record({ writer: fc.nat(3), what: fc.constantFrom('write', 'commit', 'roll back', 'read') }),
    { maxLength: 24 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const agents = [await harness.newAgent('a', 0n), await harness.newAgent('b', 0n)];
      const open = new Map<number, { ids: string[]; end: (commits: boolean) => Promise<void> }>();
      const committed: string[] = [];
      const seen = new Map(agents.map((agent) => [agent, [] as FeedEvent[]]));
      const close = async (writer: number, commits: boolean) => {
        const one = open.get(writer);
        open.delete(writer);
        await one?.end(commits);
        if (commits) committed.push(...(one?.ids ?? []));
      };
      for (const { writer, what } of plan) {
        if (what === 'read') await readOn(agents[writer % 2]!, seen.get(agents[writer % 2]!)!);
        else if (what !== 'write') await close(writer, what === 'commit');
        else if (!open.has(writer)) {
          const { written, end } = openWriter(writer === 3 ? agents.toReversed() : agents);
          open.set(writer, { ids: await written, end });
        }
      }
      for (const writer of [...open.keys()]) await close(writer, true);
      for (const [agent, events] of seen) {
        await readOn(agent, events);
        const again: FeedEvent[] = [];
        await readOn(agent, again, 100);
        expect(idsOf(events)).toEqual(idsOf(again));
        expect(new Set(idsOf(events)).size).toBe(events.length);
      }
      const all = [...seen.values()].flatMap(idsOf);
      expect(all.toSorted()).toEqual(committed.toSorted());
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('ten writers and ten readers at once: every reader sees each event once, and all of them in one order', async () => {
  const [agent, other] = [await harness.newAgent('busy', 0n), await harness.newAgent('other', 0n)];
  const WRITERS = 10;
  const EACH = 12;
  let writing = true;
  const write = async () => {
    for (let turn = 0; turn < EACH; turn += 1) await harness.run(async (op) => tell(op, other, agent));
  };
  const read = async () => {
    const seen: FeedEvent[] = [];
    do await readOn(agent, seen, 7);
    while (writing);
    await readOn(agent, seen, 7);
    return idsOf(seen);
  };
  const readers = Array.from({ length: 10 }, read);
  await Promise.all(Array.from({ length: WRITERS }, write));
  writing = false;
  const [first = [], ...rest] = await Promise.all(readers);
  expect(new Set(first).size).toBe(WRITERS * EACH);
  expect(first).toHaveLength(WRITERS * EACH);
  for (const order of rest) expect(order).toEqual(first);
}, 60_000);

test('an event stands behind what caused it, even where the later instance’s clock is slow', async () => {
  const agent = await harness.newAgent('a', 0n);
  const [cause] = await harness.run(async (op) => tell(op, agent));
  harness.advance(-3_000);
  const [effect] = await harness.run(async (op) => tell(op, agent));
  const { events } = await readFeed(harness.deps.db, agent, 0n, 10);
  expect(idsOf(events)).toEqual([cause, effect]);
});

test('events that were written by code from before the feed are numbered too, in the order of their time', async () => {
  const agent = await harness.newAgent('a', 0n);
  const ids = await harness.run(async (op) => [...tell(op, agent), ...tell(op, agent)]);
  await harness.deps.db
    .updateTable('webhook_deliveries')
    .set({ recorded_no: null })
    .where('agent_id', '=', agent)
    .execute();
  ids.push(...(await harness.run(async (op) => tell(op, agent))));
  expect(idsOf((await readFeed(harness.deps.db, agent, 0n, 10)).events)).toEqual(ids);
});

test('what the sweep deletes is noted in the feed, numbered or not, and the newest number never comes back', async () => {
  const agent = await harness.newAgent('a', 0n);
  await harness.run(async (op) => tell(op, agent));
  await readOn(agent, []);
  await harness.run(async (op) => tell(op, agent));
  harness.advance(31 * DAY);
  while ((await harness.run(MAINTENANCE.deliveries)) > 0);
  expect(await readFeed(harness.deps.db, agent, 1n, 10)).toMatchObject({
    events: [],
    lastSeq: 2n,
    deletedSeq: 2n,
  });
  const [next] = await harness.run(async (op) => tell(op, agent));
  expect((await readFeed(harness.deps.db, agent, 2n, 10)).events).toMatchObject([
    { delivery_id: next, seq: 3n },
  ]);
});

test('an event is announced where a request waits for it, and only there', async () => {
  const [waiting, other] = [await harness.newAgent('a', 0n), await harness.newAgent('b', 0n)];
  await awaitFeed(harness.deps.db, waiting, new Date(harness.time.now.getTime() + 1_000));
  const told: string[] = [];
  const deps = { ...harness.deps, announce: (keys: readonly string[]) => void told.push(...keys) };
  await commit(deps, async (op) => tell(op, waiting, other));
  harness.advance(1_000);
  await commit(deps, async (op) => tell(op, waiting, other));
  expect(told).toEqual([feedKey(waiting)]);
});
