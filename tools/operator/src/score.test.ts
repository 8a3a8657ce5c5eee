import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settlementFacts } from '@agent-registry/domain';
import {
  checkpointText,
  encodeEntries,
  encodeLeaf,
  type Leaf,
  leafHash,
  merkleTreeHash,
  readTilePath,
  signNote,
  TILE_WIDTH,
  vkeyOf,
} from '@agent-registry/log';
import { formatCents } from '@agent-registry/schemas';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inspectScore } from './score.ts';

const ORIGIN = 'registry.example/log';
const SEED = '11'.repeat(32);
const NOW = new Date('2026-06-01T12:00:00Z');
const DAY_MS = 86_400_000;
const SELLER = 'the seller';

/** What the registry would say and serve. */
let said: { score: number | null; attackCost: string };
let leaves: Leaf[];
let entries: Buffer[];
let server: Server;
let baseUrl: string;

function answer(path: string): string | Buffer | undefined {
  if (path === '/log') return JSON.stringify({ origin: ORIGIN, vkeys: [vkeyOf(ORIGIN, SEED)] });
  if (path === '/log/checkpoint') {
    const hashes = leaves.map((leaf) => leafHash(encodeLeaf(leaf)));
    const root = merkleTreeHash(hashes);
    return signNote(checkpointText({ origin: ORIGIN, size: hashes.length, root }), ORIGIN, [SEED]);
  }
  if (path === `/agents/${SELLER}/reputation`)
    return JSON.stringify({
      as_of: NOW.toISOString(),
      reputation_seller: said.score,
      attack_cost_seller: said.attackCost,
      reputation_client: null,
      attack_cost_client: '0.00',
    });
  const tile = readTilePath(path.replace('/log/tile/entries/', ''));
  if (tile === null) return undefined;
  const [start, end] = [tile.tile * TILE_WIDTH, tile.tile * TILE_WIDTH + tile.width];
  return encodeEntries(entries.slice(start, end));
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = answer(decodeURIComponent(request.url ?? ''));
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  leaves = [];
  add('genesis', { origin: ORIGIN, follows: null });
  add('policy', { full_fees: '5.00', counterparties: 5, fee_rate_ppm: 25_000 });
});

function add(kind: Leaf['kind'], fields: object, at = NOW): void {
  const id = `leaf ${leaves.length}`;
  leaves.push({ v: 1, kind, id, time: at.toISOString(), ...fields } as Leaf);
}

/** Jobs of the seller, settled and reviewed, by as many clients as are named. */
function deal(
  count: number,
  price: bigint,
  {
    clients = count,
    name = 'client',
    rating = 5,
    outcome = 'completed_by_client' as 'completed_by_client' | 'failed_by_client',
  },
): void {
  for (let n = 0; n < count; n += 1) {
    const job = `${name}'s job ${n}`;
    const at = new Date(NOW.getTime() - Math.floor(n / clients / 10) * DAY_MS);
    const rates = { bond: 0n, feeRatePpm: 25_000, feeRule: 'up', resolvedBy: 'operator' } as const;
    const settled = { ...rates, price, outcome, sellerShare: 0n, hasFailed: true, wasDisputed: false };
    const { feeFloor, stakeFloor, fault } = settlementFacts(settled);
    const floors = { fee_floor: formatCents(feeFloor), stake_floor: formatCents(stakeFloor) };
    add('settlement', { job, ...floors, fault, commit: '' }, at);
    const reviewer = `${name} ${n % clients}`;
    const role = 'client_reviewing_seller';
    add('review', { job, review_id: job, reviewer, reviewee: SELLER, role, rating, commit: '' }, at);
  }
}

function publish(score: number | null, attackCost: string): void {
  said = { score, attackCost };
  entries = leaves.map(encodeLeaf);
}

test('a score is recomputed from the leaves of a log of several tiles, over HTTP', async () => {
  deal(500, 1n, { clients: 20, name: 'sybil' });
  publish(5, '5.00');
  const { lines, faults } = await inspectScore(baseUrl, SELLER);
  expect(lines).toContain(
    'as seller: 5 (attack cost 5.00) — the registry says 5 (attack cost 5.00): they agree',
  );
  expect(faults).toBe(0);
});

test('a score with victims and with free praise is the same from leaves as the formula says', async () => {
  deal(5, 4_000n, { name: 'sybil' });
  deal(10, 4_000n, { name: 'victim', rating: 1, outcome: 'failed_by_client' });
  deal(50, 4_000n, { name: 'friend', rating: 4, outcome: 'failed_by_client' });
  publish(2.33, '5.00');
  expect(await inspectScore(baseUrl, SELLER)).toMatchObject({ faults: 0 });
});

test('what was settled or reviewed after the score was made does not count, nor what is of others', async () => {
  deal(20, 1n, { name: 'sybil' });
  const later = new Date(NOW.getTime() + 1);
  const other = {
    job: 'j',
    review_id: 'r',
    reviewer: 'a',
    reviewee: SELLER,
    role: 'client_reviewing_seller',
  };
  add('settlement', { job: 'j', fee_floor: '9.00', stake_floor: '9.00', fault: null, commit: '' }, later);
  add('review', { ...other, rating: 5, commit: '' });
  add('review', { ...other, job: "sybil's job 1", reviewee: 'another', rating: 5, commit: '' });
  publish(0.2, '0.20');
  expect(await inspectScore(baseUrl, SELLER)).toMatchObject({ faults: 0 });
});

test('reviews that a restored backup lost do not count beside those that were made again, and the report says so', async () => {
  deal(5, 4_000n, { name: 'kept' });
  const from = leaves.length;
  deal(10, 4_000n, { name: 'lost', rating: 1 });
  const to = leaves.length;
  add('restored', { from, to, backup_time: NOW.toISOString() });
  deal(5, 4_000n, { name: 'again', rating: 3 });
  publish(4, '10.00');
  const { lines, faults } = await inspectScore(baseUrl, SELLER);
  expect([faults, lines.join('\n')]).toEqual([
    0,
    expect.stringContaining(`leaves ${from} to ${to - 1} do not count`),
  ]);
});

test('a registry that states another score than its leaves make is found', async () => {
  deal(20, 1n, { name: 'sybil' });
  publish(4.9, '0.20');
  const { lines, faults } = await inspectScore(baseUrl, SELLER);
  expect([faults, lines.join('\n')]).toEqual([1, expect.stringContaining('THEY DIFFER')]);
});

test('leaves that are not those under the signed root are refused', async () => {
  deal(3, 4_000n, { name: 'sybil' });
  publish(3, '3.00');
  entries[3] = Buffer.from(entries[3]!.toString().replace('"rating":5', '"rating":1'));
  await expect(inspectScore(baseUrl, SELLER)).rejects.toThrow(/another root/);
});
