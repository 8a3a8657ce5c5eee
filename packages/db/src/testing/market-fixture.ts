import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { ListingRow } from '../tables/index.ts';

/** What a test says of a listing; the rest is made up. */
export interface MarketListing {
  readonly skill?: string;
  readonly description?: string | null;
  readonly seller?: string;
  readonly capabilities?: readonly string[];
  /** Null: no score yet. */
  readonly reputation?: number | null;
  /** Cents. */
  readonly price?: bigint;
  readonly status?: ListingRow['status'];
  readonly sellerStatus?: 'active' | 'suspended' | 'deactivated';
}

const NOW = new Date('2026-01-01T00:00:00Z');

/** Adds one listing, of a seller of its own, as the operations would write it. Returns the listing's id. */
export async function addListing(db: Db, listing: MarketListing): Promise<string> {
  const [agentId, listingId] = [randomUUID(), randomUUID()];
  const {
    skill = 'nothing-much',
    description = null,
    seller = 'Somebody',
    capabilities = [],
    reputation = null,
    price = 100n,
    status = 'active',
    sellerStatus = 'active',
  } = listing;
  const key = createHash('sha256').update(agentId).digest('hex');
  await sql`
    INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_seller,
      reputation_as_of, webhook_secret, created_at, updated_at)
    VALUES (${agentId}, ${key}, ${seller}, 'client_only', ${capabilities}, ${sellerStatus}, ${reputation}, ${NOW}, 'sealed', ${NOW}, ${NOW})`.execute(
    db,
  );
  await sql`
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name,
      seller_capabilities, seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    VALUES (${listingId}, ${agentId}, ${skill}, ${description}, ${price}, ${status}, ${seller}, ${capabilities},
      ${capabilities.join(' ')}, ${reputation ?? 0}, ${sellerStatus === 'active'}, ${NOW}, ${NOW})`.execute(
    db,
  );
  return listingId;
}
