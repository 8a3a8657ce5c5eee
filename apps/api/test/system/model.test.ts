import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useApi } from '../start-api.ts';
import { walks } from './commands.ts';
import {
  DEFAULT_DEADLINE,
  MAX_DELIVERIES,
  type ModelJob,
  NAMES,
  type Name,
  newModel,
} from './market-model.ts';
import { EVIDENCE_BYTES_MAX } from './model-settling.ts';
import { advance, type Direction, doAcceptOffer, doOffer, doPropose, doShow, toggle, wait } from './moves.ts';
import { assertViews } from './views.ts';
import { assertAgrees, assertLedgerSound, newWorld, operate, type World } from './world.ts';

/** Time for random walks, milliseconds; an hour of it is a good night's work. */
const BUDGET_MS = Number(process.env.MODEL_BUDGET_MS ?? (process.env.LONG_TESTS ? 300_000 : 20_000));
const WALKS_MAX = Number(process.env.MODEL_WALKS ?? 200);
/** Cents; one of the three soon runs out. */
const PURSES = { ann: 1_000_000n, ben: 1_000_000n, cid: 5_000n };

const api = useApi({ MAX_DELIVERIES: String(MAX_DELIVERIES) });

/** A walk's world and model: three agents with money. */
async function setUp(tally: World['tally']) {
  const real = await newWorld(api, tally);
  const model = newModel(api.clock.now().getTime());
  for (const name of NAMES) {
    const amount = `${PURSES[name] / 100n}.00`;
    const body = { agent_id: real.agents[name].id, amount, reference: real.agents[name].id };
    expect((await operate(real, '/deposits', body)).status).toBe(200);
    model.available[name] = PURSES[name];
  }
  return { model, real };
}

test(
  'whatever three agents, an operator and time do, the registry is where a small model of its rules says it is',
  async () => {
    const tally: World['tally'] = new Map();
    const endMs = performance.now() + BUDGET_MS;
    await fc.assert(
      fc.asyncProperty(walks, async (walk) => {
        // Not by fast-check's own limit, which fails on a machine that is too slow for the first walk.
        if (tally.size > 0 && performance.now() > endMs) return;
        const { model, real } = await setUp(tally);
        await fc.asyncModelRun(() => ({ model, real }), walk);
        for (const name of NAMES) if (model.suspended.has(name)) await toggle(model, real, name);
        await assertAgrees(real, model);
        await assertViews(real, model);
      }),
      { numRuns: WALKS_MAX },
    );
    await assertLedgerSound(api);
    const tried = [...tally.values()].reduce((sum, count) => sum + count.tried, 0);
    if (process.env.MODEL_TALLY !== undefined) console.log(tried, Object.fromEntries(tally));
    expect(tried).toBeGreaterThan(0);
    expect(api.lines.filter((line) => line.severity === 'ERROR')).toEqual([]);
  },
  BUDGET_MS + 120_000,
);

test('the model and the registry agree on each way in which parties settle, whatever the random walks come to', async () => {
  const { model, real } = await setUp(new Map());
  const terms = { price: 2_000n, clientPenalty: 0n, bond: 200n, maxRounds: 1, deadlineIn: null };
  const begin = async (hasCriteria: boolean, ...steps: readonly Direction[]) => {
    await doPropose(model, real, { client: 'ann', seller: 'ben', hasCriteria, ...terms });
    const job = model.jobs.at(-1)!;
    for (const direction of steps) await advance(model, real, job, { direction, share: 1n });
    return job;
  };
  const offer = async (job: ModelJob, by: Name, share = 700n) =>
    (await doOffer(model, real, job, by, { share }))?.code ?? 'done';
  const accept = async (job: ModelJob, by: Name, before = 0) =>
    (await doAcceptOffer(model, real, job, by, before))?.code ?? 'done';
  const show = async (job: ModelJob, by: Name, bytes = 10) =>
    (await doShow(model, real, job, by, bytes))?.code ?? 'done';

  const funded = await begin(false, 'well', 'well');
  expect([await accept(funded, 'ben'), await offer(funded, 'cid')]).toEqual(['invalid_state', 'not_found']);
  expect([await offer(funded, 'ann'), await offer(funded, 'ben', 0n)]).toEqual(['done', 'done']);
  // Superseded, one's own, and then the newest, once.
  expect([await accept(funded, 'ben', 1), await accept(funded, 'ben')]).toEqual([
    'invalid_state',
    'own_offer',
  ]);
  expect([await accept(funded, 'ann'), await accept(funded, 'ann')]).toEqual(['done', 'invalid_state']);
  await assertAgrees(real, model);

  const judged = await begin(true, 'well', 'well', 'well');
  for (const direction of ['well', 'badly'] as const) {
    expect(await offer(judged, 'ben')).toBe('done');
    await advance(model, real, judged, { direction, share: 1n }); // A delivery, then a verdict.
    expect(await accept(judged, 'ann')).toBe('invalid_state');
  }
  await advance(model, real, judged, { direction: 'well', share: 1n });
  expect([await offer(judged, 'ann', 2_200n), await accept(judged, 'ben')]).toEqual(['done', 'done']);
  await assertAgrees(real, model);

  const disputed = await begin(false, 'well', 'well', 'well', 'well', 'badly');
  expect([await show(disputed, 'ann'), await offer(disputed, 'ann', 0n)]).toEqual(['invalid_state', 'done']);
  await advance(model, real, disputed, { direction: 'well', share: 1n });
  for (let shown = 0; shown < 10; shown += 1) expect(await show(disputed, 'ann')).toBe('done');
  expect([await show(disputed, 'ann'), await show(disputed, 'ben', EVIDENCE_BYTES_MAX)]).toEqual([
    'invalid_state',
    'done',
  ]);
  expect(await show(disputed, 'ben', EVIDENCE_BYTES_MAX + 1)).toBe('validation_failed');
  // The offer that was made before the dispute of the same failure stands.
  expect([await accept(disputed, 'ben'), await show(disputed, 'ben')]).toEqual(['done', 'invalid_state']);
  await assertAgrees(real, model);

  const late = await begin(false, 'well', 'well');
  for (let made = 0; made < 20; made += 1) expect(await offer(late, 'ben')).toBe('done');
  expect([await offer(late, 'ben'), await offer(late, 'ann')]).toEqual(['rounds_exhausted', 'done']);
  await wait(model, real, DEFAULT_DEADLINE, 'not yet');
  expect([await accept(late, 'ben'), await offer(late, 'ann')]).toEqual(['invalid_state', 'invalid_state']);
  await assertAgrees(real, model);
  await assertViews(real, model);
  await assertLedgerSound(api);
});
