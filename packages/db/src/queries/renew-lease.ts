import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import { leaveOutbox } from './outbox.ts';

/** What one worker at a time works on, under a lease; by the kind of its outbox entry. */
export type LeasedKind = 'verification' | 'criteria_check' | 'rejudgement';

const LEASED = {
  verification: { table: 'verification_runs', id: 'run_id' },
  criteria_check: { table: 'criteria_checks', id: 'check_id' },
  rejudgement: { table: 'rejudgements', id: 'run_id' },
} as const;

/**
 * Moves the end of a lease, and has the sweep leave the entry alone until then.
 *
 * @returns false when somebody else holds the lease by now, or the work has ended.
 */
export async function renewLease(
  trx: Tx,
  kind: LeasedKind,
  lease: { id: string; token: string; until: Date },
): Promise<boolean> {
  const { table, id } = LEASED[kind];
  const renewed = await sql`
    UPDATE ${sql.table(table)} SET lease_until = ${lease.until}
    WHERE ${sql.ref(id)} = ${lease.id} AND lease_token = ${lease.token} AND status = 'running'`.execute(trx);
  if (renewed.numAffectedRows === 0n) return false;
  await leaveOutbox(trx, kind, lease.id, lease.until);
  return true;
}

/** Whether a worker has a lease on another of these than this one. */
export async function isOtherLeased(
  db: Db,
  kind: LeasedKind,
  { id: self, now }: { id: string; now: Date },
): Promise<boolean> {
  const { table, id } = LEASED[kind];
  const { rows } = await sql`
    SELECT FROM ${sql.table(table)} WHERE status = 'running' AND lease_until > ${now} AND ${sql.ref(id)} <> ${self} LIMIT 1`.execute(
    db,
  );
  return rows.length > 0;
}
