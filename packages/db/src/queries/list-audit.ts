import type { Insertable, Selectable } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { OperatorAuditTable } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

export type AuditRow = Selectable<OperatorAuditTable>;

/** What operators did, newest first. */
export function listAudit(db: Db, page: KeysetPage): Promise<AuditRow[]> {
  return db
    .selectFrom('operator_audit')
    .selectAll()
    .$call(paged('desc', 'created_at', 'audit_id', page))
    .execute();
}

export function countAudit(db: Db, limit: number): Promise<number> {
  return countTo(
    db,
    limit,
    db
      .selectFrom('operator_audit')
      .select('audit_id')
      .orderBy('created_at', 'desc')
      .orderBy('audit_id', 'desc'),
  );
}

export async function insertAudit(trx: Tx, entry: Insertable<OperatorAuditTable>): Promise<void> {
  await trx.insertInto('operator_audit').values(entry).execute();
}
