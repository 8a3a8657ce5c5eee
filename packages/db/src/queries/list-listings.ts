import { foldName } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { ListingColumns, ListingRow, NewListing } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** Not by a parameter, of which a plan that is kept would not know that the index of such listings holds what it looks for. */
const IS_DISCOVERABLE = sql<boolean>`discoverable`;

export function findListing(db: Db, listingId: string): Promise<ListingRow | undefined> {
  return db.selectFrom('listings').selectAll().where('listing_id', '=', listingId).executeTakeFirst();
}

function ofSeller(db: Db, sellerId: string, openOnly: boolean) {
  return db
    .selectFrom('listings')
    .where('seller_agent_id', '=', sellerId)
    .$if(openOnly, (query) => query.where(IS_DISCOVERABLE));
}

/** An agent's listings, newest first; `openOnly`: those that anybody may take up. */
export function listListingsOf(
  db: Db,
  sellerId: string,
  openOnly: boolean,
  page: KeysetPage,
): Promise<ListingRow[]> {
  return ofSeller(db, sellerId, openOnly)
    .selectAll()
    .$call(paged('desc', 'created_at', 'listing_id', page))
    .execute();
}

export function countListingsOf(db: Db, sellerId: string, openOnly: boolean, limit: number): Promise<number> {
  return countTo(db, limit, ofSeller(db, sellerId, openOnly).select('listing_id'));
}

function open(db: Db, skillId: string | null) {
  return db
    .selectFrom('listings')
    .where(IS_DISCOVERABLE)
    .$if(skillId !== null, (query) => query.where('skill_key', '=', foldName(skillId ?? '')));
}

/** Listings that anybody may take up, of one skill however it is spelled or of all, newest first. */
export function listOpenListings(db: Db, skillId: string | null, page: KeysetPage): Promise<ListingRow[]> {
  return open(db, skillId)
    .selectAll()
    .$call(paged('desc', 'created_at', 'listing_id', page))
    .execute();
}

export function countOpenListings(db: Db, skillId: string | null, limit: number): Promise<number> {
  // In the list's order, so that the list's index answers: without one, Postgres would rather read the table from its start.
  return countTo(
    db,
    limit,
    open(db, skillId).select('listing_id').orderBy('created_at', 'desc').orderBy('listing_id', 'desc'),
  );
}

/** A listing, locked until the transaction ends. */
export function lockListing(trx: Tx, listingId: string): Promise<ListingRow | undefined> {
  return trx
    .selectFrom('listings')
    .selectAll()
    .where('listing_id', '=', listingId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Undefined, and nothing written, where the seller has a listing for the skill or a spelling of it. */
export function insertListing(trx: Tx, listing: NewListing): Promise<ListingRow | undefined> {
  return trx
    .insertInto('listings')
    .values(listing)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateListingRow(trx: Tx, listingId: string, columns: ListingColumns): Promise<ListingRow> {
  return trx
    .updateTable('listings')
    .set(columns)
    .where('listing_id', '=', listingId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function updateListingsOf(trx: Tx, sellerId: string, columns: ListingColumns): Promise<void> {
  await trx.updateTable('listings').set(columns).where('seller_agent_id', '=', sellerId).execute();
}
