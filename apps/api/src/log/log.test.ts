import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JobReceipt, verifyReceipt } from '@agent-registry/client';
import { findNewestCheckpoint } from '@agent-registry/db';
import { decodeEntries, leafHash, openCheckpoint, readVkey, verifyProof, vkeyOf } from '@agent-registry/log';
import { commit, keepLog, markPublished, sequenceLeaves } from '@agent-registry/operations';
import { expect, test } from '@jest/globals';
import { call } from '../../test/call.ts';
import { CRITERIA, newJob, recordVerdict, useMarket } from '../../test/market.ts';
import { useApi } from '../../test/start-api.ts';

const ORIGIN = 'registry.example/log';
const SEED = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const VKEY = vkeyOf(ORIGIN, SEED);
const api = useApi({ LOG_ORIGIN: ORIGIN, LOG_VKEYS: VKEY });
const market = useMarket(api);
const verifiers = [readVkey(VKEY)];

/** What the dispatcher's sweep does, without its anchor. */
async function publish(): Promise<void> {
  const signer = { origin: ORIGIN, seeds: [SEED] };
  const deps = { ...api.context, db: api.db };
  await commit(deps, (op) => keepLog(op, signer));
  await commit(deps, (op) => sequenceLeaves(op, signer));
  const { size } = (await findNewestCheckpoint(api.db))!;
  await commit(deps, (op) => markPublished(op, size));
}

async function jobWithVerdict(): Promise<string> {
  const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  await recordVerdict(api, jobId, 'pass');
  return jobId;
}

const get = (path: string) => fetch(`${api.url}${path}`);

test('the log, its checkpoint, its tiles and each of its entries are served to anybody, and hold together', async () => {
  await jobWithVerdict();
  await publish();
  const { body: log } = await call(api, 'GET', '/v1/log');
  expect(log).toMatchObject({ origin: ORIGIN, vkeys: [VKEY] });
  const note = await get('/log/checkpoint');
  expect(note.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const { size, root } = openCheckpoint(await note.text(), ORIGIN, verifiers);
  expect([log.size, log.root]).toEqual([size, root.toString('hex')]);
  const path = `000.p/${size}`;
  const entries = await get(`/log/tile/entries/${path}`);
  expect(entries.headers.get('cache-control')).toContain('immutable');
  const leaves = decodeEntries(Buffer.from(await entries.arrayBuffer()));
  const tile = Buffer.from(await (await get(`/v1/log/tile/0/${path}`)).arrayBuffer());
  expect(tile).toEqual(Buffer.concat(leaves.map(leafHash)));
  for (const [index, leaf] of leaves.entries()) {
    const entry = (await (await get(`/log/entries/${index}`)).json()) as { leaf: string; proof: string };
    expect(entry.leaf).toBe(leaf.toString());
    expect(verifyProof(leaf, entry.proof, { origin: ORIGIN, verifiers }).index).toBe(index);
  }
});

test('what lies beyond the published log is not there, and nobody keeps that it was not', async () => {
  await publish();
  const { body: log } = await call(api, 'GET', '/v1/log');
  for (const path of [
    `entries/${log.size}`,
    `tile/0/000.p/${log.size + 1}`,
    'tile/0/000',
    'tile/0/0',
    'tile/9/000.p/1',
    'tile/1/000.p/1',
    'tile/7/000.p/1',
    'tile/-1/000.p/1',
    'tile/0/-01.p/1',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/x000/000.p/1',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/entries/000.p/0',
    `tile/entries/000.p/${log.size + 1}`,
    'entries/01',
    'entries/x',
    'entries/-1',
    'entries/0.5',
    'entries/1e1',
    'entries/0x0',
    'entries/%20',
    'entries/9007199254740993',
    'entries/99999999999999999999',
  ]) {
    const answer = await get(`/log/${path}`);
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 404, 'no-store']);
  }
});

test('a receipt is pending until its leaves are published, and then verifies offline, by ours and by the stand-alone script', async () => {
  const jobId = await jobWithVerdict();
  const read = async () => (await market.seller.call('GET', `/v1/jobs/${jobId}/receipt`)).body as JobReceipt;
  const early = await read();
  expect(early.pending).toBe(true);
  await publish();
  const receipt = await read();
  expect(receipt.items.map(({ kind }) => kind)).toEqual(['terms', 'escrow_held', 'verdict', 'settlement']);
  const verified = verifyReceipt(receipt, { origin: ORIGIN, vkeys: [VKEY] });
  expect(verified.every(({ index, openings }) => index !== null && openings.length > 0)).toBe(true);
  expect(runScript(receipt)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`The receipt of job ${jobId} holds.`),
  });
  const [first] = receipt.items;
  const forged = {
    ...receipt,
    items: [{ ...first!, openings: [{ ...first!.openings[0]!, opening: { price: '1.00' } }] }],
  };
  expect(() => verifyReceipt(forged, { origin: ORIGIN, vkeys: [VKEY] })).toThrow('does not commit');
  expect(runScript(forged)).toMatchObject({ status: 1, stdout: expect.stringContaining('does not commit') });
  const untied = { ...receipt, items: [{ ...first!, openings: [] }] };
  expect(() => verifyReceipt(untied, { origin: ORIGIN, vkeys: [VKEY] })).toThrow('which job');
  expect(runScript(untied)).toMatchObject({ status: 1, stdout: expect.stringContaining('which job') });
  const other = { ...receipt, items: [{ ...first!, proof: receipt.items[1]!.proof }] };
  expect(() => verifyReceipt(other, { origin: ORIGIN, vkeys: [VKEY] })).toThrow('another root');
  expect(runScript(other)).toMatchObject({ status: 1 });
});

test('what tests said is opened to the seller, and to the client once it has paid; a stranger has no receipt', async () => {
  const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  await recordVerdict(api, jobId, 'fail');
  const partsOf = async (agent: typeof market.client) => {
    const { body } = await agent.call('GET', `/v1/jobs/${jobId}/receipt`);
    const items = (body as JobReceipt).items.filter(({ kind }) => kind === 'verdict');
    return items.flatMap(({ openings }) => openings.map(({ part }) => part));
  };
  expect(await partsOf(market.seller)).toEqual(['both', 'seller']);
  expect(await partsOf(market.client)).toEqual(['both']);
  expect((await call(api, 'GET', `/v1/jobs/${jobId}/receipt`)).status).toBe(401);
});

test('an agent’s keys are listed with their places in the log', async () => {
  await market.client.call('GET', `/v1/agents/${market.client.id}/balance`);
  await api.context.background.idle();
  await publish();
  const { body } = await call(api, 'GET', `/v1/agents/${market.client.id}/keys`);
  expect(body.keys).toMatchObject([{ log_index: expect.any(Number), key: expect.any(String) }]);
});

function runScript(receipt: JobReceipt) {
  const directory = mkdtempSync(join(tmpdir(), 'receipt-'));
  try {
    const file = join(directory, 'receipt.json');
    writeFileSync(file, JSON.stringify(receipt));
    const script = fileURLToPath(new URL('../../../../tools/verify/verify-receipt.mjs', import.meta.url));
    return spawnSync(process.execPath, [script, file, VKEY], { encoding: 'utf8', timeout: 20_000 });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
