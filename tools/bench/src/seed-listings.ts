import { randomUUID } from 'node:crypto';
import { createDb, type Db, migrateToLatest } from '@agent-registry/db';
import { sql } from 'kysely';

/** Listings a seller offers in the seeded market. */
const LISTINGS_PER_SELLER = 10;
const BATCH = 10_000;
/** Words of the made-up vocabulary; the first are common, the last are rare, as in any language (Zipf). */
const VOCABULARY = 20_000;
/** In about a third of the descriptions. */
export const COMMON_WORD = 'translation';
/** In one listing of every ten thousand. */
export const RARE_WORD = 'paleography';

const SYLLABLES = [
  'ba',
  'con',
  'dar',
  'el',
  'fin',
  'gor',
  'hul',
  'im',
  'jar',
  'kel',
  'lum',
  'mon',
  'nar',
  'op',
  'pel',
  'quo',
  'ran',
  'sol',
  'tur',
  'ver',
];

function wordOf(index: number): string {
  const [a, b, c] = [index % 20, Math.floor(index / 20) % 20, Math.floor(index / 400) % 20];
  return `${SYLLABLES[a]}${SYLLABLES[b]}${SYLLABLES[c]}${index >= 8_000 ? SYLLABLES[index % 7] : ''}`;
}

/** A small, fast generator with a fixed seed: every seeded market is the same. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 7), state | 61) ^ state;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SeedOptions {
  /** Connects as a role that owns the tables. */
  readonly url: string;
  readonly listings: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Fills an empty registry with a market of made-up sellers and listings. Takes minutes for a million. */
export async function seedListings(options: SeedOptions): Promise<void> {
  await migrateToLatest({ url: options.url });
  const db = createDb({ url: options.url, poolMax: 1 });
  try {
    const random = createRandom(20_260_101);
    const words = Array.from({ length: VOCABULARY }, (_, index) => wordOf(index));
    const pick = () => words[Math.floor(VOCABULARY ** random()) - 1] ?? 'work';
    for (let done = 0; done < options.listings; done += BATCH) {
      await insertBatch(db, Math.min(BATCH, options.listings - done), random, pick);
      options.onProgress?.(Math.min(done + BATCH, options.listings), options.listings);
    }
    await sql`VACUUM ANALYZE agents, listings, search_words`.execute(db);
  } finally {
    await db.destroy();
  }
}

async function insertBatch(db: Db, count: number, random: () => number, pick: () => string): Promise<void> {
  const now = new Date();
  const sellers = Array.from({ length: Math.ceil(count / LISTINGS_PER_SELLER) }, () => ({
    id: randomUUID(),
    key: `${randomUUID()}${randomUUID()}`.replaceAll('-', ''),
    name: `${pick()} ${pick()}`,
    capabilities: `${pick()} ${pick()}`,
    reputation: random() < 0.3 ? null : Math.round(random() * 500) / 100,
  }));
  await sql`
    INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_seller, reputation_as_of, webhook_secret, created_at, updated_at)
    SELECT id, key, name, 'client_only', string_to_array(capabilities, ' '), 'active', reputation, ${now}, 'seeded', ${now}, ${now}
    FROM unnest(${sellers.map((s) => s.id)}::uuid[], ${sellers.map((s) => s.key)}::text[], ${sellers.map((s) => s.name)}::text[],
      ${sellers.map((s) => s.capabilities)}::text[], ${sellers.map((s) => s.reputation)}::numeric[]) AS seller (id, key, name, capabilities, reputation)`.execute(
    db,
  );
  const listings = Array.from({ length: count }, (_, index) => ({
    seller: sellers[Math.floor(index / LISTINGS_PER_SELLER)]!,
    skill: `${pick()}-${pick()}-${index % LISTINGS_PER_SELLER}`,
    price: 1 + Math.floor(random() ** 3 * 1_000_000),
    description: describe(random, pick),
  }));
  await sql`
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name, seller_capabilities,
      seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT gen_random_uuid(), seller, skill, description, price, 'active', name, string_to_array(capabilities, ' '), capabilities,
      coalesce(reputation, 0), true, ${now}, ${now}
    FROM unnest(${listings.map((l) => l.seller.id)}::uuid[], ${listings.map((l) => l.skill)}::text[], ${listings.map((l) => l.description)}::text[],
      ${listings.map((l) => l.price)}::bigint[], ${listings.map((l) => l.seller.name)}::text[], ${listings.map((l) => l.seller.capabilities)}::text[],
      ${listings.map((l) => l.seller.reputation)}::numeric[]) AS listing (seller, skill, description, price, name, capabilities, reputation)`.execute(
    db,
  );
}

function describe(random: () => number, pick: () => string): string {
  const words = Array.from({ length: 8 }, pick);
  if (random() < 0.33) words.push(COMMON_WORD);
  if (random() < 0.0001) words.push(RARE_WORD);
  return words.join(' ');
}
