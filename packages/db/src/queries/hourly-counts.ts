import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import { deleteDue } from './delete-due.ts';

/** What is counted by the hour, and how much of it an hour may hold. */
export interface HourlyLimit {
  readonly name: string;
  readonly limit: number;
}

/** Adds `amount` to this hour's count where the limit allows all of it; false, and nothing added, where it does not. */
export async function spendHourly(
  trx: Tx,
  { name, limit }: HourlyLimit,
  { hour, amount }: { hour: Date; amount: number },
): Promise<boolean> {
  if (amount > limit) return false;
  const { rows } = await sql`
    INSERT INTO hourly_counts AS counted (name, hour, amount) VALUES (${name}, ${hour}, ${amount})
    ON CONFLICT (name, hour) DO UPDATE SET amount = counted.amount + excluded.amount
      WHERE counted.amount + excluded.amount <= ${limit}
    RETURNING amount`.execute(trx);
  return rows.length > 0;
}

/** Takes back what `spendHourly` added. */
export async function unspendHourly(
  trx: Tx,
  name: string,
  { hour, amount }: { hour: Date; amount: number },
): Promise<void> {
  await trx
    .updateTable('hourly_counts')
    .set((eb) => ({ amount: eb('amount', '-', BigInt(amount)) }))
    .where('name', '=', name)
    .where('hour', '=', hour)
    .execute();
}

/** How much of this hour is left. */
export async function findHourlyRest(db: Db, { name, limit }: HourlyLimit, hour: Date): Promise<number> {
  const row = await db
    .selectFrom('hourly_counts')
    .select('amount')
    .where('name', '=', name)
    .where('hour', '=', hour)
    .executeTakeFirst();
  return Math.max(0, limit - Number(row?.amount ?? 0n));
}

/** Forgets the counts of hours that are over. Returns how many. */
export function deleteOldCounts(trx: Tx, before: Date, limit: number): Promise<number> {
  return deleteDue(trx, 'hourly_counts', { where: sql`hour < ${before}`, orderBy: 'hour', limit });
}
