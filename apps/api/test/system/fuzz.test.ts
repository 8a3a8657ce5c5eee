import { randomUUID } from 'node:crypto';
import type { Contract } from '@agent-registry/schemas';
import { generateKeyPair } from '@agent-registry/signing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import * as routes from '../../src/routes.ts';
import { newAgent, type TestAgent } from '../call.ts';
import { newJob, newMarket } from '../market.ts';
import { OPERATOR_KEY, useApi } from '../start-api.ts';
import { fingerprint } from './fingerprint.ts';
import {
  ODD_BODIES,
  ODD_HEADERS,
  ODD_IDS,
  ODD_QUERIES,
  ODD_VALUES,
  REFUSED_BODIES,
  REFUSED_WHERE_READ,
} from './hostile.ts';
import { assertProper, type Message, type Sent, send } from './send.ts';

/** Requests under way at once. */
const AT_ONCE = 6;
/** Each route gets one of so many parts of the longer lists; with LONG_TESTS all of them. */
const SHARES = process.env.LONG_TESTS ? 1 : 6;

const api = useApi();
let agent: TestAgent;
let ids: Record<string, string>;
beforeAll(async () => {
  const market = await newMarket(api);
  agent = market.client;
  const victim = await newAgent(api);
  const jobId = await newJob(market, 'completed');
  const listing = await agent.call('POST', `/v1/agents/${agent.id}/listings`, {
    body: { skill_id: 'fuzzing', base_price: '1.00' },
  });
  const [delivery] = (await agent.call('GET', `/v1/agents/${agent.id}/webhooks`)).body;
  ids = {
    agent_id: agent.id,
    victim: victim.id,
    job_id: jobId,
    listing_id: String(listing.body.listing_id),
    delivery_id: String(delivery.delivery_id),
    recall_id: randomUUID(),
    run_id: randomUUID(),
  };
  await agent.call('GET', '/v1/jobs');
  await api.context.background.idle();
});

const hasBody = ({ method }: Contract) => method === 'POST' || method === 'PATCH';
const contracts = Object.values(routes).map(({ contract }) => contract);
const named = contracts.map((contract) => [contract.id, contract] as const);
const withBody = named.filter(([, contract]) => hasBody(contract));

/** A path of a route; operators act on an agent that nobody else uses. */
function pathOf(contract: Contract, over: Record<string, string> = {}): string {
  const all: Record<string, string> = {
    ...ids,
    ...(contract.access === 'operator' ? { agent_id: ids.victim! } : {}),
    ...over,
  };
  return `/v1${contract.path.replaceAll(/:([a-z_]+)/g, (_, name: string) => all[name] ?? '')}`;
}

type Headers = readonly (readonly [string, string])[];
type Signer = 'signed' | 'unsigned';
let keys = 0;

/** Headers that authenticate a request, so that its content is looked at; nothing for the unsigned. */
function credentials(contract: Contract, signer: Signer, message: Message): Headers {
  if (signer === 'unsigned') return [];
  if (contract.access === 'operator') {
    keys += 1;
    return [
      ['X-Operator-Key', OPERATOR_KEY],
      ['Idempotency-Key', `fuzz-${keys}`],
    ];
  }
  const path = message.path.split('?', 1)[0] ?? '';
  return Object.entries(agent.sign(message.method, path, { raw: Buffer.from(message.body ?? '') }));
}

async function fire(contract: Contract, signer: Signer, message: Message): Promise<Sent> {
  const headers = [...credentials(contract, signer, message), ...(message.headers ?? [])];
  const sent = await send(api, { ...message, headers });
  try {
    assertProper(message, sent);
  } catch (error) {
    const what = `${contract.id}, ${signer}, ${String(message.body).slice(0, 200)} ${message.path.slice(0, 200)}`;
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
  return sent;
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const JSON_TYPE = [['Content-Type', 'application/json']] as const;
const typed = (over: Readonly<Record<string, string>> = {}): Headers => [
  ...('Content-Type' in over ? [] : JSON_TYPE),
  // What is accepted may wait for a test-runner, and none runs here.
  ...('Prefer' in over ? [] : ([['Prefer', 'wait=0']] as const)),
  ...Object.entries(over),
];

/**
 * Everything in the tables but nonces, which every signed request spends, and where operators call the audit, in which
 * every call of theirs is written.
 */
const stored = (contract: Contract) =>
  fingerprint(api.db, ['nonces', ...(contract.access === 'operator' ? ['operator_audit'] : [])]);

describe('bodies that are refused', () => {
  test.each(withBody)('%s stores nothing of a body that it refuses', async (_id, contract) => {
    const before = await stored(contract);
    const path = pathOf(contract);
    const whereRead = contract.body === undefined ? [] : REFUSED_WHERE_READ;
    const cases = [...REFUSED_BODIES, ...whereRead.map((body) => ({ name: body, body, headers: {} }))];
    await inTurns(cases, async ({ name, body, headers }) => {
      const message = { method: contract.method, path, body, headers: typed(headers) };
      const { status } = await fire(contract, 'signed', message);
      if (![400, 413, 415, 422].includes(status)) throw new Error(`${name}: ${status}`);
    });
    const [{ body: sample } = { body: '' }] = REFUSED_BODIES;
    const unsigned = { method: contract.method, path, body: sample, headers: typed() };
    const { status } = await fire(contract, 'unsigned', unsigned);
    expect(status).toBe({ open: 400, signed: 401, owner: 401, operator: 404 }[contract.access]);
    expect(await stored(contract)).toEqual(before);
  });
});

describe('odd values', () => {
  test.each(withBody)('%s answers odd values in odd places without a 5xx', async (_id, contract) => {
    const shape = (contract.body as z.ZodObject | undefined)?.shape ?? {};
    const members = Object.keys(shape).flatMap((name) =>
      ODD_VALUES.map((value) => withMember(contract, name, value)),
    );
    await inTurns([...ODD_BODIES, ...shareOf(contract, members)], async (body) => {
      const message = { method: contract.method, path: pathOf(contract), body, headers: typed() };
      await fire(contract, 'signed', message);
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** The example's body, or as much of one as is known, with one member replaced by this JSON text. */
function withMember(contract: Contract, name: string, value: string): string {
  const base = {
    ...(contract.example as object | undefined),
    ...(contract.id === 'registerAgent' ? { public_key: generateKeyPair().publicKey } : {}),
    ...(contract.id === 'proposeJob' ? { seller_agent_id: ids.victim } : {}),
    ...(contract.access === 'operator'
      ? { note: 'fuzz', agent_id: ids.victim, amount: '0.01', reference: value }
      : {}),
  };
  const { shape } = contract.body as z.ZodObject;
  const others = Object.entries(base).filter(
    ([key, item]) => key in shape && key !== name && item !== undefined,
  );
  return `{${[...others.map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`), `${JSON.stringify(name)}:${value}`].join()}}`;
}

const refused = async (contract: Contract, messages: readonly Message[]) => {
  // Events get their number in the feed when they are first read.
  if (contract.id === 'listAgentEvents') await agent.call('GET', pathOf(contract));
  const before = await stored(contract);
  let accepted = 0;
  // Unsigned, all but the open routes turn a request away before they look at it.
  const unsigned = contract.access === 'open' ? messages : messages.slice(0, 2);
  for (const [signer, share] of [['signed', messages] as const, ['unsigned', unsigned] as const]) {
    await inTurns(share, async (message) => {
      const { status } = await fire(contract, signer, message);
      if (status < 400 && contract.method !== 'GET') accepted += 1;
    });
  }
  await api.context.background.idle();
  if (accepted === 0) expect(await stored(contract)).toEqual(before);
};

/** A route's share of the cases: by default a part, another for each route, so that all of them together see each case often. */
const shareOf = <T>(contract: Contract, cases: readonly T[]): readonly T[] =>
  cases.filter((_, index) => (index + contracts.indexOf(contract)) % SHARES === 0);

describe('odd queries and ids', () => {
  test.each(named)(
    '%s answers odd queries and odd ids without a 5xx, and stores nothing',
    async (_id, contract) => {
      const { method } = contract;
      const body = hasBody(contract) ? { body: '{"a":', headers: typed() } : {};
      const queries = contract.query === undefined ? shareOf(contract, ODD_QUERIES) : ODD_QUERIES;
      const params = [...contract.path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => name);
      await refused(contract, [
        ...queries.map((query) => ({ method, path: `${pathOf(contract)}?${query}`, ...body })),
        ...params.flatMap((name) =>
          shareOf(contract, ODD_IDS).map((id) => ({
            method,
            path: pathOf(contract, { [name]: id }),
            ...body,
          })),
        ),
      ]);
    },
  );
});

describe('odd headers', () => {
  test.each(named)('%s answers odd headers without a 5xx, and stores nothing', async (_id, contract) => {
    const body = hasBody(contract) ? { body: '{"a":' } : {};
    const messages = shareOf(contract, ODD_HEADERS).map((odd) => ({
      method: contract.method,
      path: pathOf(contract),
      headers: [...(hasBody(contract) ? JSON_TYPE : []), ...odd],
      ...body,
    }));
    await refused(contract, messages);
  });
});
