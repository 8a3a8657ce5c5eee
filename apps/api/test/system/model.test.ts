import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useApi } from '../start-api.ts';
import { walks } from './commands.ts';
import { MAX_DELIVERIES, NAMES, newModel } from './market-model.ts';
import { toggle } from './moves.ts';
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
