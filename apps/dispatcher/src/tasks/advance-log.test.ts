import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorName, decodeBatch, openAnchor } from '@agent-registry/anchor';
import { findPublishedCheckpoint, readLogHashes } from '@agent-registry/db';
import { countRoundTrips } from '@agent-registry/db/testing';
import {
  consistencyProof,
  decodeLeaf,
  inclusionProof,
  isConsistent,
  leafHash,
  openCheckpoint,
  readVkey,
  rootOfInclusion,
  TILE_WIDTH,
  tileWidth,
  vkeyOf,
} from '@agent-registry/log';
import { depositCredits, findLogHalt } from '@agent-registry/operations';
import { generateKeyPair } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { ORIGIN, SEED, useLogRegistry, VERIFIERS } from '../testing/log-registry.ts';

const HOUR = 3_600_000;
const { registry, anchor, logEnv } = useLogRegistry();

/** Leaves that say nothing, as many as asked for. */
async function addLeaves(count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => ({
    leaf_id: registry.deps.ids.next(),
    leaf: Buffer.from(`{"n":"${registry.deps.ids.next()}"}`),
  }));
  const values = rows.map((row) => ({
    ...row,
    kind: 'totals',
    subject: row.leaf_id,
    job_id: null,
    created_at: new Date(0),
  }));
  for (let at = 0; at < count; at += 500)
    await registry.database.db
      .insertInto('log_leaves')
      .values(values.slice(at, at + 500))
      .execute();
}

async function published() {
  const row = (await findPublishedCheckpoint(registry.database.apiDb))!;
  return openCheckpoint(row.note, ORIGIN, VERIFIERS);
}

/** Reads all tiles as they are in the database. */
async function readTiles(size: number) {
  const wanted = [0, 1].flatMap((level) =>
    Array.from({ length: Math.ceil(size / TILE_WIDTH ** (level + 1)) }, (_, tile) => ({ level, tile })),
  );
  const ranges = wanted.map((at) => {
    const first = at.tile * TILE_WIDTH;
    return { level: at.level, first, end: first + tileWidth(size, at) };
  });
  const hashes = await readLogHashes(registry.database.apiDb, ranges);
  return ({ level, tile }: { level: number; tile: number }) =>
    hashes[wanted.findIndex((at) => at.level === level && at.tile === tile)]!;
}

test('the first sweep begins the log: its own leaves first, signed, anchored and published', async () => {
  await addLeaves(3); // which were there before it
  expect((await registry.sweep({ maintenance: false })).body).toMatchObject({
    log_leaves: 7,
  });
  const { db } = registry.database;
  const rows = await db.selectFrom('log_leaves').selectAll().orderBy('log_index').execute();
  expect(rows.map(({ kind }) => kind).slice(0, 1)).toEqual(['genesis']);
  const kinds = rows.flatMap(({ leaf, kind }) =>
    kind === 'totals' && leaf.includes('"n"') ? [] : [decodeLeaf(leaf.toString())],
  );
  expect(kinds).toMatchObject([
    { kind: 'genesis', origin: ORIGIN, follows: null },
    { kind: 'policy', full_fees: '5.00', counterparties: 5, fee_rate_ppm: 25_000 },
    { kind: 'log_key', vkey: vkeyOf(ORIGIN, SEED), state: 'added' },
    { kind: 'totals', agent: '0.00', mint: '0.00' },
  ]);
  expect(await published()).toMatchObject({ origin: ORIGIN, size: 7 });
  expect(await readdir(anchor())).toEqual(['0000000000000000']);
  expect((await registry.sweep()).body).not.toHaveProperty('log_leaves');
});

test('a log that begins after more leaves were written than a batch takes has its own first leaf first, and all of them', async () => {
  await addLeaves(1_100);
  await registry.sweep();
  await registry.sweep();
  const { db } = registry.database;
  const first = await db
    .selectFrom('log_leaves')
    .select('kind')
    .where('log_index', '=', 0n)
    .executeTakeFirst();
  expect(first).toEqual({ kind: 'genesis' });
  expect((await published()).size).toBe(1_104);
});

test('a log of thousands of leaves in several batches proves each of them, and continues each of its checkpoints', async () => {
  await registry.sweep();
  await addLeaves(1_500);
  await registry.sweep();
  await addLeaves(700);
  await registry.sweep();
  const { size, root } = await published();
  expect(size).toBe(2_204);
  const tileOf = await readTiles(size);
  const rows = await registry.database.db.selectFrom('log_leaves').select(['leaf', 'log_index']).execute();
  for (const { leaf, log_index: at } of rows) {
    const index = Number(at);
    const proof = inclusionProof(index, size, tileOf);
    expect(rootOfInclusion(leafHash(leaf), { index, size, proof })).toEqual(root);
  }
  const checkpoints = await registry.database.db
    .selectFrom('log_checkpoints')
    .selectAll()
    .orderBy('size')
    .execute();
  expect(checkpoints.map((row) => Number(row.size))).toEqual([4, 1_028, 1_504, 2_204]);
  for (const row of checkpoints) {
    const old = { size: Number(row.size), root: row.root };
    expect(isConsistent(old, { size, root }, consistencyProof(old.size, size, tileOf))).toBe(true);
  }
});

test('two dispatchers that sweep at once make one tree', async () => {
  const second = await registry.start({ env: logEnv() });
  await addLeaves(50);
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([registry.sweep(), registry.sweep({}, second)]);
    await addLeaves(20);
  }
  await registry.sweep();
  expect(await findLogHalt(registry.database.db)).toBeNull();
  const { size, root } = await published();
  expect(size).toBe(114);
  const rows = await registry.database.db.selectFrom('log_leaves').select(['leaf', 'log_index']).execute();
  const tileOf = await readTiles(size);
  const [row] = rows;
  const index = Number(row!.log_index);
  const proof = inclusionProof(index, size, tileOf);
  expect(rootOfInclusion(leafHash(row!.leaf), { index, size, proof })).toEqual(root);
});

test('each hour has its sums of the ledger, which add to zero', async () => {
  const { agentId } = await registry.newAgent();
  await registry.run((op) => depositCredits(op, { agentId, amount: 1_234n }));
  await registry.sweep();
  await registry.sweep();
  registry.clock.advance(HOUR);
  await registry.sweep();
  const rows = await registry.database.db
    .selectFrom('log_leaves')
    .select('leaf')
    .where('kind', '=', 'totals')
    .execute();
  expect(rows.map(({ leaf }) => JSON.parse(leaf.toString()))).toMatchObject(
    Array.from({ length: 2 }, () => ({
      agent: '12.34',
      escrow: '0.00',
      bond: '0.00',
      fees: '0.00',
      mint: '-12.34',
    })),
  );
});

test('a crash between the anchor and the database publishes the same checkpoint again', async () => {
  await registry.sweep();
  const before = await published();
  await registry.database.db.deleteFrom('log_published').execute();
  await addLeaves(1);
  await registry.sweep();
  expect(await findLogHalt(registry.database.db)).toBeNull();
  expect((await published()).size).toBe(before.size + 1);
});

test('an anchor out of reach delays what readers see, and nothing else', async () => {
  await registry.sweep();
  const { size } = await published();
  await rm(anchor(), { recursive: true });
  await writeFile(anchor(), 'no directory');
  await addLeaves(1);
  expect(await registry.sweep()).toMatchObject({ status: 500 });
  expect((await published()).size).toBe(size);
  await rm(anchor());
  await registry.sweep();
  expect((await published()).size).toBe(size + 1);
});

test('a new key signs beside the old one from the sweep on that announces it', async () => {
  await registry.sweep();
  const newer = generateKeyPair().privateKey;
  const both = await registry.start({ env: { ...logEnv(), LOG_SIGNING_KEYS: `${newer},${SEED}` } });
  await registry.sweep({}, both);
  const { note } = (await findPublishedCheckpoint(registry.database.db))!;
  for (const key of [SEED, newer])
    expect(openCheckpoint(note, ORIGIN, [readVkey(vkeyOf(ORIGIN, key))]).size).toBe(5);
  const only = await registry.start({ env: { ...logEnv(), LOG_SIGNING_KEYS: newer } });
  await registry.sweep({}, only);
  const rows = await registry.database.db
    .selectFrom('log_leaves')
    .select('leaf')
    .where('kind', '=', 'log_key')
    .orderBy('log_index')
    .execute();
  expect(rows.map(({ leaf }) => JSON.parse(leaf.toString()))).toMatchObject([
    { vkey: vkeyOf(ORIGIN, SEED), state: 'added' },
    { vkey: vkeyOf(ORIGIN, newer), state: 'added' },
    { vkey: vkeyOf(ORIGIN, SEED), state: 'dropped' },
  ]);
});

test('a dispatcher with another origin is not ready, and writes nothing to the log', async () => {
  await registry.sweep();
  const { size } = await published();
  const other = await registry.start({ env: { ...logEnv(), LOG_ORIGIN: 'other.example/log' } });
  expect((await registry.sweep({}, other)).status).toBe(500);
  const ready = await fetch(`${other.url}/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { checks: { log: { ready: false } } }]);
  expect((await published()).size).toBe(size);
});

test('a batch in the anchor is what the database has', async () => {
  await registry.sweep();
  const batch = decodeBatch((await openAnchor(anchor()).read(anchorName(0)))!);
  expect(openCheckpoint(batch.note, ORIGIN, VERIFIERS).size).toBe(batch.leaves.length);
  expect(decodeLeaf(batch.leaves[0]!.toString())).toMatchObject({ kind: 'genesis' });
});

const logTrips = async () =>
  (await countRoundTrips('dispatcher', () => registry.sweep({ maintenance: false }))).filter((text) =>
    text.includes('log_'),
  );

test('a sweep without maintenance asks once of a log in which nothing has happened', async () => {
  await registry.sweep();
  await registry.sweep({ maintenance: false });
  expect(await logTrips()).toHaveLength(1);
  await addLeaves(1);
  expect((await registry.sweep({ maintenance: false })).body).toMatchObject({ log_leaves: 1 });
});

test('a sweep without maintenance writes the sums of an hour that has begun, also where nothing else has happened', async () => {
  await registry.sweep();
  await registry.sweep({ maintenance: false });
  registry.clock.advance(HOUR);
  expect((await registry.sweep({ maintenance: false })).body).toMatchObject({ log_leaves: 1 });
});

test('a sweep with maintenance looks at the anchor, also where nothing has happened in the database', async () => {
  await registry.sweep();
  await registry.sweep({ maintenance: false });
  const { size } = await published();
  await writeFile(join(anchor(), anchorName(size)), 'a batch that the database lost');
  await registry.sweep();
  expect(await findLogHalt(registry.database.db)).not.toBeNull();
});
