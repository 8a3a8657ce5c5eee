import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Contract } from './contracts/contract.ts';
import { contracts } from './contracts/index.ts';
import { IGNORED_MEMBERS, readBodyMembers, readQueryMembers } from './known-members.ts';
import { nearestName } from './nearest-name.ts';

const all: readonly Contract[] = Object.values(contracts);
const withBody = all.filter(({ body }) => body !== undefined);
const shapeOf = ({ body }: Contract) => (body as z.ZodObject).shape as Record<string, z.ZodType>;

/** The optional members of every contract. */
const optional = withBody.flatMap((one) =>
  Object.entries(shapeOf(one))
    .filter(([, member]) => member.safeParse(undefined).success)
    .map(([name, member]) => [`${one.id}.${name}`, one, name, member] as const),
);

test('there are optional members to walk', () => {
  expect(optional.length).toBeGreaterThan(30);
});

test.each(optional)(
  'null for %s means absent, or what the schema says it means',
  (_title, one, name, member) => {
    const { value, unknown } = readBodyMembers(one, { [name]: null });
    expect(unknown).toEqual([]);
    const isKept = Object.hasOwn(value as object, name);
    expect(isKept ? member.safeParse(null).success : true).toBe(true);
    const errors = one.body!.safeParse(value).error?.issues.filter(({ path }) => path[0] === name) ?? [];
    expect(errors).toEqual([]);
  },
);

test.each([
  ['registerAgent', ['capabilities', 'hosting_mode']],
  ['createListing', ['currency']],
  ['updateListing', ['base_price', 'status']],
  ['proposeJob', ['client_abort_penalty', 'seller_abort_penalty', 'max_rounds']],
  ['counterJob', ['client_abort_penalty', 'seller_abort_penalty']],
  ['createReview', ['tags']],
] as const)('%s reads null for %j as absent', (id, names) => {
  const sent = Object.fromEntries(names.map((name) => [name, null]));
  expect(readBodyMembers(contracts[id], sent).value).toEqual({});
});

test('a change of a profile clears its description and its endpoint with null, and keeps what else is null', () => {
  const sent = { description: null, endpoint_url: null, display_name: null, capabilities: null };
  expect(readBodyMembers(contracts.updateAgent, sent).value).toEqual({
    description: null,
    endpoint_url: null,
  });
});

test('a required member is not excused by null', () => {
  const { value } = readBodyMembers(contracts.proposeJob, { seller_agent_id: null, max_budget: null });
  expect(value).toEqual({ seller_agent_id: null, max_budget: null });
});

test.each(all.map((one) => [one.id, one] as const))(
  '%s refuses members and parameters it does not know',
  (_id, one) => {
    expect(readBodyMembers(one, { no_such_thing: 1 }).unknown.map(({ path }) => path)).toEqual([
      'no_such_thing',
    ]);
    expect(readQueryMembers(one, { no_such_thing: '1' }).unknown.map(({ path }) => path)).toEqual([
      'no_such_thing',
    ]);
  },
);

test.each([
  ['proposeJob', 'acceptence_criteria', 'acceptance_criteria'],
  ['proposeJob', 'sellerAgentId', 'seller_agent_id'],
  ['proposeJob', 'max-budget', 'max_budget'],
  ['proposeJob', 'deadline', null],
  ['createReview', 'Rating', 'rating'],
  ['createReview', '__proto__', null],
  ['createReview', 'constructor', null],
] as const)('%s answers %s with the nearest name it knows, %s', (id, name, nearest) => {
  const [error] = readBodyMembers(contracts[id], JSON.parse(`{${JSON.stringify(name)}: 1}`)).unknown;
  expect(error?.message).toMatch(
    nearest === null ? /^is unknown: known are / : `is unknown: did you mean ${nearest}?`,
  );
});

test('a query for discovery that says query is told of q', () => {
  expect(readQueryMembers(contracts.discover, { query: 'x' }).unknown).toEqual([
    { path: 'query', message: 'is unknown: did you mean q?' },
  ]);
});

describe('what is tolerated', () => {
  test('stands in one table, and names contracts that exist', () => {
    expect(Object.keys(IGNORED_MEMBERS).filter((id) => !(id in contracts))).toEqual([]);
  });

  test.each(Object.entries(IGNORED_MEMBERS))('%s ignores %j', (id, names) => {
    const one = all.find((candidate) => candidate.id === id)!;
    const sent = Object.fromEntries(names.map((name) => [name, 'anything']));
    const { value, unknown } = readBodyMembers(one, sent);
    expect(unknown).toEqual([]);
    expect(Object.keys(value as object).filter((name) => !(name in shapeOf(one)))).toEqual([]);
  });
});

test('free JSON of a stranger’s is kept as it was sent', () => {
  const free = { anything: null, deep: [{ unknown: null }] };
  const sent = { requirements: free, acceptance_criteria: free };
  expect(readBodyMembers(contracts.proposeJob, sent)).toEqual({ value: sent, unknown: [] });
  expect(readBodyMembers(contracts.deliverJob, { result: null }).value).toEqual({ result: null });
});

test('nested objects of ours are read by the same rules', () => {
  const sample = z.object({ output: z.unknown(), passes: z.boolean().optional() });
  const nested = { ...contracts.createReview, body: z.object({ samples: z.array(sample).optional() }) };
  const sent = { samples: [{ output: { free: null }, passes: null }, { outptu: 1 }] };
  expect(readBodyMembers(nested, sent)).toEqual({
    value: { samples: [{ output: { free: null } }, {}] },
    unknown: [{ path: 'samples.1.outptu', message: 'is unknown: did you mean output?' }],
  });
});

test('of many unknown members twenty are named, and a long one is cut', () => {
  const sent = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1]));
  expect(readBodyMembers(contracts.startJob, sent).unknown).toHaveLength(20);
  expect(readBodyMembers(contracts.startJob, { ['y'.repeat(9_000)]: 1 }).unknown[0]?.path).toHaveLength(300);
});

test('the nearest name is null where nothing resembles it', () => {
  expect(nearestName('zzz', ['q', 'limit'])).toBeNull();
  expect(nearestName('???', ['q'])).toBeNull();
  expect(nearestName('limti', ['offset', 'limit'])).toBe('limit');
});
