import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** Probes often enough to be told soon, and seldom enough that no number of /ready calls is a load. */
const PROBE_INTERVAL_MS = 1_000;

/** Rejects with the reason while the database does not do what the service needs. */
export type WriteProbe = () => Promise<void>;

/**
 * Asks the database for a small write: a heartbeat row, which a read-only server refuses, and some 300 kB of a sort that do not fit
 * into memory, which a full disk refuses. One probe at a time; a success counts for a second, a failure for itself alone.
 */
export function createWriteProbe(db: Db, service: string): WriteProbe {
  let probing: Promise<void> | null = null;
  let succeededAtMs = Number.NEGATIVE_INFINITY;
  const probe = async (): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await sql`SET LOCAL work_mem = '64kB'`.execute(trx);
      await sql`
        WITH heartbeat AS (
          INSERT INTO deployment_facts (name, value, updated_at)
          VALUES (${`heartbeat:${service}`}, 'null', now())
          ON CONFLICT (name) DO UPDATE SET updated_at = now())
        SELECT max(n) FROM (SELECT n FROM generate_series(1, 20000) AS n ORDER BY md5(n::text) OFFSET 0) AS spilt`.execute(
        trx,
      );
    });
    succeededAtMs = performance.now();
  };
  return () => {
    if (probing === null && performance.now() - succeededAtMs < PROBE_INTERVAL_MS) return Promise.resolve();
    probing ??= probe().finally(() => {
      probing = null;
    });
    return probing;
  };
}
