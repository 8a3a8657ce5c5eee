import { describe, expect, test } from '@jest/globals';
import { agentEvents, type EventOptions } from './agent-events.ts';
import type { EventFeed } from './api.generated.ts';
import { problemOf, RegistryUnreachable } from './registry-problem.ts';

type Page = { events: string[]; next: string } | Error;

/** A registry that answers these pages in turn, and the cursors that it was asked for. */
function feedOf(...pages: Page[]) {
  const asked: (string | undefined)[] = [];
  const listAgentEvents = async (input?: { after?: string }): Promise<EventFeed> => {
    asked.push(input?.after);
    const page = pages[asked.length - 1];
    if (page === undefined) throw new Error('asked for more than there is');
    if (page instanceof Error) throw page;
    return { items: page.events.map((cursor) => ({ cursor })), next: page.next } as EventFeed;
  };
  return { asked, client: { listAgentEvents } };
}

/** The cursors of what is read, until `count` are there or it ends. */
async function read(
  feed: ReturnType<typeof feedOf>,
  options: EventOptions,
  count = Number.POSITIVE_INFINITY,
) {
  const seen: string[] = [];
  for await (const { cursor } of agentEvents(feed.client, options, 1)) {
    seen.push(cursor);
    if (seen.length === count) break;
  }
  return seen;
}
const many = (from: number, count: number) => Array.from({ length: count }, (_, n) => String(from + n));
const problem = (status: number, code: string) =>
  problemOf(status, 'application/problem+json', JSON.stringify({ code }), null);

describe('the events of an agent', () => {
  test('the events of an agent are read from the cursor on, page after page, each once', async () => {
    const feed = feedOf({ events: many(1, 100), next: '100' }, { events: many(101, 3), next: '103' });
    expect(await read(feed, { after: '0', follow: false })).toEqual(many(1, 103));
    expect(feed.asked).toEqual(['0', '100']);
  });

  test('the events of an agent go on from the cursor of an empty page, while nothing happens', async () => {
    const feed = feedOf({ events: [], next: '7' }, { events: [], next: '7' }, { events: ['8'], next: '8' });
    expect(await read(feed, {}, 1)).toEqual(['8']);
    expect(feed.asked).toEqual([undefined, '7', '7']);
  });

  test('the events of an agent go on after an outage where they were', async () => {
    const outage = new RegistryUnreachable('GET', new Error('refused'));
    const feed = feedOf({ events: ['1'], next: '1' }, outage, problem(503, 'unavailable'), {
      events: ['2'],
      next: '2',
    });
    expect(await read(feed, {}, 2)).toEqual(['1', '2']);
    expect(feed.asked).toEqual([undefined, '1', '1', '1']);
  });

  test.each([
    ['a cursor that is gone', problem(410, 'cursor_gone'), {}],
    ['a key that is not right', problem(401, 'invalid_signature'), {}],
    ['an outage where nobody follows', problem(503, 'unavailable'), { follow: false }],
  ])('the events of an agent end with the refusal of %s', async (_, refusal, options) => {
    await expect(read(feedOf(refusal), options)).rejects.toBe(refusal);
  });
});
