import type { Db } from '../create-db.ts';
import type { EventRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** A job's events, oldest first. */
export function listEventsOfJob(db: Db, jobId: string, page: KeysetPage): Promise<EventRow[]> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('job_id', '=', jobId)
    .$call(paged('asc', 'created_at', 'event_id', page))
    .execute();
}

export function countEventsOfJob(db: Db, jobId: string, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('events').select('event_id').where('job_id', '=', jobId));
}
