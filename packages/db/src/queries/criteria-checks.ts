import { type Insertable, sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type {
  CriteriaCheckChange,
  CriteriaCheckRow,
  CriteriaCheckStepRow,
  CriteriaCheckStepsTable,
  CriteriaChecksTable,
} from '../tables/index.ts';
import { deleteDue } from './delete-due.ts';

/** Makes an agent's requests for checks wait for one another, so that its limits hold. */
export async function lockChecksOfAgent(trx: Tx, agentId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${agentId}, 7144))`.execute(trx);
}

/** Makes claims of checks wait for one another: one runs at a time. */
export async function lockCheckSlot(trx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7145)`.execute(trx);
}

export async function insertCheck(trx: Tx, check: Insertable<CriteriaChecksTable>): Promise<void> {
  await trx.insertInto('criteria_checks').values(check).execute();
}

export function findCheck(db: Db, checkId: string): Promise<CriteriaCheckRow | undefined> {
  return db.selectFrom('criteria_checks').selectAll().where('check_id', '=', checkId).executeTakeFirst();
}

/** A check, locked until the transaction ends. */
export function lockCheck(trx: Tx, checkId: string): Promise<CriteriaCheckRow | undefined> {
  return trx
    .selectFrom('criteria_checks')
    .selectAll()
    .where('check_id', '=', checkId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export function updateCheck(
  trx: Tx,
  checkId: string,
  change: CriteriaCheckChange,
): Promise<CriteriaCheckRow> {
  return trx
    .updateTable('criteria_checks')
    .set(change)
    .where('check_id', '=', checkId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** When an agent's checks since `since` were asked for, and the time in the runner each took; oldest first. */
export function listCheckUse(
  db: Db,
  agentId: string,
  since: Date,
): Promise<Pick<CriteriaCheckRow, 'created_at' | 'runner_ms'>[]> {
  return db
    .selectFrom('criteria_checks')
    .select(['created_at', 'runner_ms'])
    .where('agent_id', '=', agentId)
    .where('created_at', '>', since)
    .orderBy('created_at')
    .execute();
}

/** Milliseconds that all checks together spent in the runner since then. */
export async function sumCheckTime(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    SELECT coalesce(sum(runner_ms), 0)::float8 AS ms FROM criteria_check_steps WHERE finished_at > ${since}`.execute(
    db,
  );
  return rows[0]?.ms ?? 0;
}

export async function isDeliveryWaiting(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('verification_runs')
    .select('run_id')
    .where('status', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Adds a step; one that is there already stays as it is. */
export async function insertCheckStep(trx: Tx, step: Insertable<CriteriaCheckStepsTable>): Promise<void> {
  await trx
    .insertInto('criteria_check_steps')
    .values(step)
    .onConflict((conflict) => conflict.columns(['check_id', 'step']).doNothing())
    .execute();
}

/** A check’s steps in their order. */
export function listCheckSteps(db: Db, checkId: string): Promise<CriteriaCheckStepRow[]> {
  return db
    .selectFrom('criteria_check_steps')
    .selectAll()
    .where('check_id', '=', checkId)
    .orderBy('step')
    .execute();
}

/** The check that a proof stands for, while it holds. */
export function findProof(
  db: Db,
  proof: { proofId: string; agentId: string; criteriaHash: string; now: Date },
): Promise<CriteriaCheckRow | undefined> {
  return db
    .selectFrom('criteria_checks')
    .selectAll()
    .where('proof_id', '=', proof.proofId)
    .where('agent_id', '=', proof.agentId)
    .where('criteria_hash', '=', proof.criteriaHash)
    .where('proof_expires_at', '>', proof.now)
    .executeTakeFirst();
}

/**
 * Forgets checks that were asked for before `before`: those without a proof altogether, of the others what was sent and what
 * was reported. One that is under way is left alone. Returns how many rows were deleted or changed.
 */
export async function forgetOldChecks(trx: Tx, before: Date, now: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ check_id: string; proof_id: string | null }>`
    SELECT check_id, proof_id FROM criteria_checks WHERE created_at <= ${before} AND criteria IS NOT NULL
      AND (status <> 'running' OR lease_until <= ${now})
    ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`.execute(trx);
  const proofs = rows.filter((row) => row.proof_id !== null).map((row) => row.check_id);
  const others = rows.filter((row) => row.proof_id === null).map((row) => row.check_id);
  if (proofs.length > 0) {
    await trx.deleteFrom('criteria_check_steps').where('check_id', '=', isOneOf(proofs)).execute();
    await trx
      .updateTable('criteria_checks')
      .set({ criteria: null, samples: null, hidden_cases: null })
      .where('check_id', '=', isOneOf(proofs))
      .execute();
  }
  if (others.length > 0) {
    await trx
      .deleteFrom('outbox')
      .where('kind', '=', 'criteria_check')
      .where('subject', '=', sql<string>`ANY(${others}::text[])`)
      .execute();
    await trx.deleteFrom('criteria_checks').where('check_id', '=', isOneOf(others)).execute();
  }
  return rows.length;
}

const isOneOf = (checkIds: readonly string[]) => sql<string>`ANY(${[...checkIds]}::uuid[])`;

/** Forgets proofs that no longer hold. Returns how many. */
export function deleteExpiredProofs(trx: Tx, now: Date, limit: number): Promise<number> {
  const where = sql<boolean>`proof_id IS NOT NULL AND proof_expires_at <= ${now}`;
  return deleteDue(trx, 'criteria_checks', { where, orderBy: 'proof_expires_at', limit });
}

/** Rows with hidden cases sealed under another key than this one, locked, in the order of their ids. */
export function lockChecksSealedOtherwise(
  trx: Tx,
  sealPrefix: string,
  after: string | null,
  limit: number,
): Promise<{ check_id: string; hidden_cases: string | null }[]> {
  return trx
    .selectFrom('criteria_checks')
    .select(['check_id', 'hidden_cases'])
    .$if(after !== null, (query) => query.where('check_id', '>', after ?? ''))
    .where(sql<boolean>`NOT starts_with(coalesce(hidden_cases, ${sealPrefix}), ${sealPrefix})`)
    .orderBy('check_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}
