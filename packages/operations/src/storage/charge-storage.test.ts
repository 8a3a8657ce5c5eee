import { expect, test } from '@jest/globals';
import { MAINTENANCE } from '../sweep/maintenance.ts';
import { HOUR, useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { assertStorage, chargeStorage, readStorageUsage, type StorageCharge } from './charge-storage.ts';

const MIB = 1_048_576;
const harness = useHarness();

const newWriter = async (address = '203.0.113.1') => ({
  agentId: await harness.newAgent('writer', 0n),
  address,
});
type Writer = Awaited<ReturnType<typeof newWriter>>;

/** What a request of so many bytes does: it is asserted where it may be refused, and counted. */
const write = (writer: Writer, bodyBytes: number, more: Partial<StorageCharge> = {}) =>
  harness.run(async (op) => {
    const charge = { bodyBytes, answerBytes: 0, refusable: true, ...more };
    if (charge.refusable) await assertStorage(op, writer, await readStorageUsage(op, writer), bodyBytes);
    chargeStorage(op, writer, charge);
  });

test('an agent writes 16 MiB an hour; the refusal says when it frees, and then it does', async () => {
  const writer = await newWriter();
  for (let written = 0; written < 15; written += 1) await write(writer, MIB);
  const refused = await write(writer, MIB).catch((error) => error);
  expect(refused).toMatchObject({ code: 'storage_budget', retryAfterSeconds: 3_600 });
  expect(refused.detail).toMatch(/16\.0 MiB an hour at most.*frees at 2026-01-01T01:00:00\.000Z/);
  harness.advance(refused.retryAfterSeconds * 1_000);
  await write(writer, MIB);
});

test('requests at once do not write more than an hour holds together', async () => {
  const writer = await newWriter('203.0.113.2');
  const tried = await Promise.allSettled(Array.from({ length: 24 }, () => write(writer, MIB - 1_000)));
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  const refused = tried.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  for (const error of refused) {
    expect(error).toMatchObject({ code: 'storage_budget', retryAfterSeconds: HOUR / 1_000 });
    expect(error).toMatchObject({
      detail: expect.stringMatching(/16\.0 MiB an hour at most.*make it 17\.0 MiB/),
    });
  }
});

test('what must go on is counted and never refused', async () => {
  const writer = await newWriter('203.0.113.3');
  for (let written = 0; written < 20; written += 1) await write(writer, MIB, { refusable: false });
  await expect(write(writer, 1)).rejects.toMatchObject({ code: 'storage_budget' });
});

test('the agents of one address write 256 MiB an hour together, and those of another are not touched by it', async () => {
  for (let agent = 0; agent < 17; agent += 1) {
    const writer = await newWriter('203.0.113.4');
    await write(writer, 15 * MIB, { refusable: false });
  }
  await write(await newWriter('203.0.113.4'), MIB / 2);
  const refused = write(await newWriter('203.0.113.4'), MIB);
  await expect(refused).rejects.toMatchObject({ code: 'storage_budget' });
  await write(await newWriter('203.0.113.5'), MIB);
});

test('parties of a job that paid a fee within 30 days write 2 MiB an hour, whatever others of their address wrote', async () => {
  const address = '203.0.113.9';
  const fillAddress = async () => {
    for (let agent = 0; agent < 16; agent += 1)
      await write(await newWriter(address), 16 * MIB, { refusable: false });
  };
  const payers = await twoParties(harness);
  const jobId = await payers.delivered();
  const before = { agentId: payers.client, address };
  await fillAddress();
  await expect(write(before, 1)).rejects.toMatchObject({ code: 'storage_budget' });
  await payers.complete(jobId);
  for (const agentId of [payers.client, payers.seller]) {
    await write({ agentId, address }, 2 * MIB - 1_000);
    await expect(write({ agentId, address }, MIB)).rejects.toMatchObject({
      code: 'storage_budget',
      detail: expect.stringMatching(/first 2\.0 MiB of each whose jobs paid a fee/),
    });
  }
  harness.advance(31 * 24 * HOUR);
  await fillAddress();
  for (const agentId of [payers.client, payers.seller])
    await expect(write({ agentId, address }, 1)).rejects.toMatchObject({ code: 'storage_budget' });
});

test('a job that its client aborted paid no fee, and gives its parties no bytes of their own', async () => {
  const address = '203.0.113.10';
  const at = await twoParties(harness);
  const jobId = await at.working();
  await at.abort(jobId, 'client');
  for (let agent = 0; agent < 16; agent += 1)
    await write(await newWriter(address), 16 * MIB, { refusable: false });
  for (const agentId of [at.client, at.seller])
    await expect(write({ agentId, address }, 1)).rejects.toMatchObject({ code: 'storage_budget' });
});

test('an agent keeps 64 MiB; a job frees its bytes when it ends, whoever ends it', async () => {
  const at = await twoParties(harness);
  const writer = { agentId: at.client, address: '203.0.113.6' };
  const jobIds: string[] = [];
  for (let kept = 0; kept < 5; kept += 1) {
    const jobId = await at.propose();
    jobIds.push(jobId);
    await write(writer, 12.5 * MIB, { jobId });
    harness.advance(HOUR);
  }
  const jobId = await at.propose();
  await expect(write(writer, 2 * MIB, { jobId })).rejects.toMatchObject({
    code: 'storage_budget',
    detail: expect.stringMatching(/You keep 64\.0 MiB at most/),
  });
  await at.cancel(jobIds[0]!, 'seller');
  await write(writer, 2 * MIB, { jobId });
});

test('what others wrote to an agent’s job is on their account', async () => {
  const at = await twoParties(harness);
  const jobId = await at.propose();
  const [client, seller] = [at.client, at.seller].map((agentId) => ({ agentId, address: '203.0.113.7' }));
  await write(client!, 16 * MIB - 1_000, { jobId });
  await write(seller!, 15 * MIB, { jobId });
});

test('a listing counts as large as it is now, and events for 30 days', async () => {
  const writer = await newWriter('203.0.113.8');
  const keptOf = async () => {
    const rows = await harness.deps.db
      .selectFrom('kept_bytes')
      .select(['subject', 'bytes'])
      .where('agent_id', '=', writer.agentId)
      .orderBy('subject')
      .execute();
    return rows.map(({ subject, bytes }) => [subject.split(':')[0], Number(bytes)]);
  };
  await write(writer, 1_000, { listing: { id: 'l', bytes: 900 } });
  await write(writer, 1_000, { listing: { id: 'l', bytes: 400 } });
  expect(await keptOf()).toEqual([
    ['events', 512],
    ['listing', 400],
  ]);
  harness.advance(31 * 24 * HOUR);
  await harness.run(MAINTENANCE.bytes);
  expect(await keptOf()).toEqual([['listing', 400]]);
});
