import { createDb, type Db, migrateToLatest, recordCellShares, type Tx } from '@agent-registry/db';
import { sql } from 'kysely';
import { createMarket, type MarketBatch } from './market.ts';

const BATCH = 10_000;
/** Sellers were last seen at any minute of a day. */
const DAY_MINUTES = 1_440;
/** Enough to sort a million index entries in memory. */
const INDEX_MEMORY = '512MB';

export interface SeedOptions {
  /** Connects as registry_owner or as a superuser. */
  readonly url: string;
  readonly listings: number;
  readonly onProgress?: (step: string, done: number, total: number) => void;
  /** Ends the seeding; the registry is then as it was before. */
  readonly signal?: AbortSignal;
}

/**
 * Fills an empty registry with a market of made-up sellers and listings: some minutes for a million. All or nothing: it is
 * one transaction, in which the indexes are dropped and made again, which is far quicker than keeping them up.
 *
 * @throws Error when there are listings already, or when the signal ends it.
 */
export async function seedListings(options: SeedOptions): Promise<void> {
  await migrateToLatest({ url: options.url });
  const db = createDb({ url: options.url, poolMax: 2 });
  try {
    await db.connection().execute(async (connection) => {
      await sql`SET statement_timeout = 0`.execute(connection);
      const stopListening = await cancelOnAbort(db, connection, options.signal);
      try {
        await connection.transaction().execute((trx) => fill(trx, options));
        await sql`VACUUM (ANALYZE) agents, listings, search_lexemes`.execute(connection);
      } finally {
        stopListening();
      }
    });
  } catch (error) {
    throw options.signal?.aborted ? new Error('seeding was interrupted; nothing was kept') : error;
  } finally {
    await db.destroy();
  }
}

/** Cancels whatever the connection is doing as soon as the signal says so. */
async function cancelOnAbort(db: Db, connection: Db, signal: AbortSignal | undefined): Promise<() => void> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(connection);
  const cancel = () => void sql`SELECT pg_cancel_backend(${rows[0]!.pid})`.execute(db).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  return () => signal?.removeEventListener('abort', cancel);
}

async function fill(trx: Tx, { listings, onProgress, signal }: SeedOptions): Promise<void> {
  const { rows: present } = await sql`SELECT FROM listings LIMIT 1`.execute(trx);
  if (present.length > 0) throw new Error('the registry has listings already: seed an empty one');
  const indexes = await dropIndexes(trx);
  await sql`ALTER TABLE listings DISABLE TRIGGER USER`.execute(trx);
  await sql`ALTER TABLE listings ENABLE TRIGGER listings_read_inserted`.execute(trx);
  const market = createMarket();
  for (let done = 0; done < listings; done += BATCH) {
    signal?.throwIfAborted();
    await insertBatch(trx, market.next(Math.min(BATCH, listings - done)));
    onProgress?.('listings', Math.min(done + BATCH, listings), listings);
  }
  // What the triggers and the sweep would have done.
  await sql`
    INSERT INTO search_lexemes
    SELECT term, count(*) FROM listings, unnest(listing_terms(words, seller_capabilities, skill_key)) AS term GROUP BY term`.execute(
    trx,
  );
  await sql`SELECT rank_listings_of(array_agg(agent_id)) FROM agents WHERE is_seller`.execute(trx);
  await sql`ALTER TABLE listings ENABLE TRIGGER USER`.execute(trx);
  await recordCellShares(trx, new Date());
  await sql`SET LOCAL maintenance_work_mem = ${sql.lit(INDEX_MEMORY)}`.execute(trx);
  for (const [index, definition] of indexes.entries()) {
    signal?.throwIfAborted();
    await sql.raw(definition).execute(trx);
    onProgress?.('indexes', index + 1, indexes.length);
  }
}

/** Drops the indexes that stand for no constraint. Returns the statements that make them again. */
async function dropIndexes(trx: Tx): Promise<string[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid IN ('listings'::regclass, 'search_lexemes'::regclass)
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1`.execute(trx);
  for (const { name } of rows) await sql`DROP INDEX ${sql.raw(name)}`.execute(trx);
  return rows.map((row) => row.definition);
}

async function insertBatch(trx: Tx, { sellers, listings }: MarketBatch): Promise<void> {
  const now = new Date();
  await sql`
    INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_seller, reputation_as_of, webhook_secret, is_seller, last_seen, created_at, updated_at)
    SELECT id, key, name, 'client_only', string_to_array(capabilities, ' '), 'active', reputation, ${now}, 'seeded', true, ${now}::timestamptz - nth % ${DAY_MINUTES} * interval '1 minute', ${now}, ${now}
    FROM unnest(${sellers.map((s) => s.id)}::uuid[], ${sellers.map((s) => s.key)}::text[], ${sellers.map((s) => s.name)}::text[],
      ${sellers.map((s) => s.capabilities)}::text[], ${sellers.map((s) => s.reputation)}::numeric[]) WITH ORDINALITY AS seller (id, key, name, capabilities, reputation, nth)`.execute(
    trx,
  );
  await sql`
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name, seller_capabilities,
      seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT gen_random_uuid(), seller, skill, description, price, 'active', name, string_to_array(capabilities, ' '), capabilities,
      coalesce(reputation, 0), true, ${now}, ${now}
    FROM unnest(${listings.map((l) => l.seller.id)}::uuid[], ${listings.map((l) => l.skill)}::text[], ${listings.map((l) => l.description)}::text[],
      ${listings.map((l) => l.price)}::bigint[], ${listings.map((l) => l.seller.name)}::text[], ${listings.map((l) => l.seller.capabilities)}::text[],
      ${listings.map((l) => l.seller.reputation)}::numeric[]) AS listing (seller, skill, description, price, name, capabilities, reputation)`.execute(
    trx,
  );
}
