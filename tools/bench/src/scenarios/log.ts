import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '@agent-registry/servers';
import pg from 'pg';
import { liveJob, openPairs, type Pair } from '../lifecycles.ts';
import { callFor, createSender, type Sender, type Taken } from '../load.ts';
import { type Case, type Opened, type Scenario, Skipped } from '../scenario.ts';

const LEAVES = 1_024;
const JOBS = 16;
const LOADS = [1, 8];
const PUBLISHED_TIMEOUT_MS = 60_000;
const LOOK_MS = 20;

/** Leaves that say nothing, as many as one transaction of the sequencer places. */
const ADD_LEAVES = `
  INSERT INTO log_leaves (leaf_id, kind, subject, leaf, created_at)
  SELECT id, 'totals', '!' || id, convert_to(format('{"bench":"%s","filler":"%s"}', id, repeat('x', 400)), 'UTF8'), now()
  FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, ${LEAVES})) leaf`;
const IS_PUBLISHED = `SELECT NOT EXISTS (SELECT FROM log_leaves WHERE log_index IS NULL)
  AND (SELECT max(size) FROM log_published) = (SELECT max(size) FROM log_checkpoints) AS done`;

async function isPublished(db: pg.Client): Promise<boolean> {
  const { rows } = await db.query<{ done: boolean | null }>(IS_PUBLISHED);
  return rows[0]?.done === true;
}

async function hasLog(db: pg.Client): Promise<boolean> {
  const { rows } = await db.query(`SELECT FROM pg_tables WHERE tablename = 'log_leaves'`);
  return rows.length > 0;
}

/** Batch after batch, each from its leaves to where readers see them: a local sweep begins each second, so CPU is the figure. */
async function placeLeaves(db: pg.Client, seconds: number): Promise<Taken> {
  return callFor(seconds, 1, async () => {
    await db.query(ADD_LEAVES);
    while (!(await isPublished(db))) await delay(LOOK_MS);
  });
}

async function readReceipts(sender: Sender, pairs: readonly Pair[]): Promise<Case[]> {
  const paths = await Promise.all(pairs.map(async (pair) => ({ pair, path: await liveJob(sender, pair) })));
  let turn = 0;
  const once = async () => {
    const { pair, path } = paths[turn++ % paths.length]!;
    await sender.send(pair.seller.sign('GET', `${path}/receipt`), 200);
  };
  return LOADS.map((load) => ({
    label: 'receipt of three leaves',
    load,
    unit: 'request',
    floor: { express: 1, verify: 1, select: 1 },
    run: (seconds) => callFor(seconds, load, once),
  }));
}

export const log: Scenario = {
  name: 'log',
  about: `a job’s receipt, and ${LEAVES} leaves from their rows to a published checkpoint`,
  needsRedis: true,
  open: async (subject): Promise<Opened> => {
    const db = new pg.Client({ connectionString: subject.stack.databaseUrl });
    await db.connect();
    const sender = createSender(subject.stack.apiUrl, Math.max(...LOADS));
    const close = async () => {
      sender.close();
      await db.end();
    };
    try {
      if (!(await hasLog(db))) throw new Skipped('it has no log');
      const receipts = await readReceipts(sender, await openPairs(subject, JOBS));
      if (!(await waitUntil(() => isPublished(db), { timeoutMs: PUBLISHED_TIMEOUT_MS })))
        throw new Error('the log stands still');
      const placing: Case = {
        label: `batch of ${LEAVES} leaves`,
        load: 1,
        unit: 'batch',
        run: (seconds) => placeLeaves(db, seconds),
      };
      return { cases: [...receipts, placing], close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
