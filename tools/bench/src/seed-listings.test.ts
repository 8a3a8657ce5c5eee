import { discoverListings } from '@agent-registry/db';
import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { COMMON_WORD, createMarket } from './market.ts';
import { seedListings } from './seed-listings.ts';

const LISTINGS = 400;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

async function look() {
  const { rows } = await sql<{ listings: number; words: number; indexes: string[] }>`
    SELECT (SELECT count(*)::integer FROM listings) AS listings, (SELECT count(*)::integer FROM search_lexemes) AS words,
      (SELECT array_agg(indexdef ORDER BY indexdef) FROM pg_indexes WHERE tablename IN ('listings', 'search_lexemes')) AS indexes`.execute(
    database.db,
  );
  return rows[0]!;
}

describe('seeding', () => {
  test('seeding leaves the registry as it was when it is interrupted, and is not taken for done', async () => {
    const before = await look();
    const interruption = new AbortController();
    const seeding = seedListings({
      url: database.url('superuser'),
      listings: LISTINGS,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    await expect(seeding).rejects.toThrow('interrupted; nothing was kept');
    expect(await look()).toEqual(before);
  });

  test('seeding makes a market that discovery finds its way in, with every index there was', async () => {
    const before = await look();
    const progress: string[] = [];
    await seedListings({
      url: database.url('superuser'),
      listings: LISTINGS,
      onProgress: (step, done, total) => void progress.push(`${step} ${done}/${total}`),
    });
    const after = await look();
    expect(after).toMatchObject({ listings: LISTINGS, indexes: before.indexes });
    expect(after.words).toBeGreaterThan(LISTINGS);
    expect(progress).toContain(`listings ${LISTINGS}/${LISTINGS}`);
    const { total } = await discoverListings(database.apiDb, { q: COMMON_WORD }, { limit: 1, offset: 0 });
    expect(total).toBeGreaterThan(LISTINGS / 5);
    expect(total).toBeLessThan(LISTINGS / 2);
  });

  test('seeding keeps its hands off a registry that has listings', async () => {
    await expect(seedListings({ url: database.url('superuser'), listings: 10 })).rejects.toThrow(
      'has listings already',
    );
  });
});

describe('the made-up market', () => {
  test('the made-up market does not repeat itself', () => {
    const market = createMarket();
    const descriptions = new Set<string>();
    for (let batch = 0; batch < 3; batch += 1) {
      for (const { description } of market.next(10_000).listings) descriptions.add(description);
    }
    expect(descriptions.size).toBeGreaterThan(29_900);
  });
});
