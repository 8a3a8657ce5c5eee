import { callFor, createSender, type Sender } from './load.ts';
import { COMMON_WORD, RARE_WORD, wordOf } from './market.ts';
import type { Case, Opened, Subject } from './scenario.ts';
import type { StackUnderTest, StartedStack } from './stack-under-test.ts';

interface Search {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  /** At once; where it is not said, CALLERS. */
  readonly callers?: number;
}

const EIGHT_COMMONEST = Array.from({ length: 8 }, (_, rank) => wordOf(rank)).join(' ');
const PAGE_OF_CURSOR = { offset: '9980', limit: '20' };
const SEARCHES: readonly Search[] = [
  { name: 'no words', query: {} },
  { name: 'a rare word (1 in 10,000)', query: { q: RARE_WORD } },
  { name: 'a word of 1 in 30', query: { q: wordOf(30) } },
  { name: 'a common word (1 in 3)', query: { q: COMMON_WORD } },
  { name: 'the commonest (2 in 3)', query: { q: wordOf(0) } },
  { name: 'an absent word', query: { q: 'zzyzxquux' } },
  { name: 'a misspelt word', query: { q: 'translatoin' } },
  { name: 'a common and a rare word', query: { q: `${COMMON_WORD} ${RARE_WORD}` } },
  { name: 'the eight commonest', query: { q: EIGHT_COMMONEST } },
  { name: 'the eight commonest', query: { q: EIGHT_COMMONEST }, callers: 1 },
  { name: 'a common word (1 in 3)', query: { q: COMMON_WORD }, callers: 1 },
  { name: 'common, rated 4 or more', query: { q: COMMON_WORD, min_rating: '4' } },
  { name: 'common, at most 1.00', query: { q: COMMON_WORD, max_price: '1.00' } },
  { name: 'a capability', query: { capability: wordOf(5) } },
  { name: 'online, a common word', query: { q: COMMON_WORD, online: 'true' } },
  { name: 'offset 10,000', query: { offset: '10000' } },
];
const pathOf = (query: Readonly<Record<string, string>>): string =>
  `/v1/discover?${new URLSearchParams(query).toString()}`;
const CALLERS = 4;

/** The page after the deepest that an offset reaches, as its cursor names it. */
async function cursorPath({ apiUrl }: StackUnderTest): Promise<string | null> {
  const response = await fetch(`${apiUrl}${pathOf(PAGE_OF_CURSOR)}`);
  const { next_cursor: cursor } = (await response.json()) as { next_cursor?: string | null };
  return cursor ? pathOf({ cursor }) : null;
}

/** Searches of one market by name and path. */
async function searchesOf(stack: StackUnderTest): Promise<{ name: string; path: string; callers: number }[]> {
  const searches = SEARCHES.map(({ name, query, callers = CALLERS }) => ({
    name,
    path: pathOf(query),
    callers,
  }));
  const deep = await cursorPath(stack);
  return deep === null
    ? searches
    : [...searches, { name: 'cursor, 10,000 down', path: deep, callers: CALLERS }];
}

/**
 * Searches in markets of each size, each in a stack of its own that the checkout's own program fills. The same search is measured in
 * one market right after the other.
 */
export async function openSearches(subject: Subject, sizes: readonly number[]): Promise<Opened> {
  const opened: { cases: Case[]; sender: Sender; stack: StartedStack }[] = [];
  for (const listings of sizes) {
    const stack = await subject.startStack();
    const args = ['--url', stack.databaseUrl, '--listings', String(listings)];
    await subject.runProgram('tools/bench/src/seed.ts', args);
    const sender = createSender(stack.apiUrl, CALLERS);
    const suffix = sizes.length > 1 ? `, 10^${Math.log10(listings).toFixed(0)}` : '';
    const cases = (await searchesOf(stack)).map(
      ({ name, path, callers }): Case => ({
        label: `${name}${suffix}`,
        load: callers,
        unit: 'request',
        floor: { express: 1, select: 1 },
        stack,
        run: (seconds) =>
          callFor(seconds, callers, async () => void (await sender.send({ method: 'GET', path }, 200))),
      }),
    );
    opened.push({ cases, sender, stack });
  }
  const [first] = opened;
  return {
    cases: first!.cases.flatMap((_, index) => opened.flatMap(({ cases }) => cases[index] ?? [])),
    note: 'unsigned',
    close: async () => {
      for (const { sender, stack } of opened) {
        sender.close();
        await stack.stop();
      }
    },
  };
}
