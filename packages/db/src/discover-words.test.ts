import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type DiscoverFilter, discoverListings } from './queries/discover.ts';
import { addListing } from './testing/market-fixture.ts';
import { useMarket } from './testing/use-market.ts';

const database = useMarket();

async function find(filter: DiscoverFilter | string) {
  const wanted = typeof filter === 'string' ? { q: filter } : filter;
  return discoverListings(database.apiDb, wanted, { limit: 100, offset: 0 });
}

async function idsOf(filter: DiscoverFilter | string): Promise<string[]> {
  return (await find(filter)).rows.map((row) => row.listing_id);
}

describe('words are looked for in', () => {
  test.each([
    ['the skill', { skill: 'legal-translation' }],
    ['the description', { description: 'Sworn translation of contracts.' }],
    ['the capabilities', { capabilities: ['translation', 'typing'] }],
    ['the seller’s name', { seller: 'Translation Bureau' }],
  ])('%s', async (_place, listing) => {
    const id = await addListing(database.db, listing);
    await addListing(database.db, { description: 'something else' });
    expect(await idsOf('translation')).toEqual([id]);
  });

  test('all these at once: each word may stand in another place', async () => {
    const id = await addListing(database.db, {
      skill: 'translation',
      seller: 'Ada',
      capabilities: ['french'],
      description: 'contracts',
    });
    await addListing(database.db, { skill: 'translation', seller: 'Ada', capabilities: ['german'] });
    expect(await idsOf('contracts french ada translation')).toEqual([id]);
  });

  test('the skill before the capabilities before the description before the name', async () => {
    const places = [
      { seller: 'Zebra' },
      { description: 'zebra' },
      { capabilities: ['zebra'] },
      { skill: 'zebra' },
    ];
    const ids: string[] = [];
    for (const place of places) ids.unshift(await addListing(database.db, place));
    expect(await idsOf('zebra')).toEqual(ids);
  });
});

describe('a word is found', () => {
  test.each([
    ['in another form of it', 'Translating contracts', 'translations contract'],
    ['in any case', 'UNESCO rules', 'unesco'],
    ['in any case beyond ASCII', 'ÜBERSETZUNG', 'übersetzung'],
    ['inside a dotted name', 'Knows node.js and example.com', 'node.js'],
    ['by one part of a dotted name', 'Knows node.js and example.com', 'example'],
    ['beside punctuation', 'C++/Rust_(embedded)', 'rust embedded'],
    ['as a number', 'IFRS 16 and 3.5 hours', '16'],
    ['in another script', 'перевод 翻訳', '翻訳 перевод'],
    ['when it is misspelt', 'translation of contracts', 'translatoin'],
    ['when one of several is misspelt', 'translation of contracts', 'contracts translatoin'],
    ['when it is misspelt and capitalised', 'accounting', 'ACCOUNTNG'],
  ])('%s', async (_how, description, q) => {
    const id = await addListing(database.db, { description });
    await addListing(database.db, { description: 'gardening' });
    expect(await idsOf(q)).toEqual([id]);
  });

  test('a word is found only as it is written when listings have it so', async () => {
    const form = await addListing(database.db, { description: 'form' });
    await addListing(database.db, { description: 'farm' });
    expect(await idsOf('form')).toEqual([form]);
  });

  test('a word is found in the new text of a listing that was changed', async () => {
    const id = await addListing(database.db, { description: 'before' });
    await sql`UPDATE listings SET description = 'beekeeping' WHERE listing_id = ${id}`.execute(
      database.apiDb,
    );
    expect(await idsOf('beekeepign')).toEqual([id]);
  });

  test('nowhere when nothing is like it', async () => {
    await addListing(database.db, { description: 'translation' });
    expect(await find('zzyzxquux')).toEqual({ rows: [], total: 0 });
  });

  test('a word is found with all the others, however many there are, and in what has the capability and the skill asked for', async () => {
    const words = ['apples', 'bananas', 'cherries', 'dates', 'elderberries', 'figs', 'grapes', '東京都庁'];
    const all = { skill: 'fruit', capabilities: ['fresh'], description: words.join(' ') };
    const id = await addListing(database.db, all);
    await addListing(database.db, { ...all, skill: 'vegetables' });
    await addListing(database.db, { ...all, capabilities: ['dried'] });
    for (const word of words)
      await addListing(database.db, {
        ...all,
        description: words.filter((other) => other !== word).join(' '),
      });
    expect(await idsOf({ q: words.join(' '), skillId: 'FRUIT', capability: 'fresh' })).toEqual([id]);
  });

  test('nowhere when only one of two words is in a listing', async () => {
    await addListing(database.db, { description: 'translation' });
    await addListing(database.db, { description: 'accounting' });
    expect(await idsOf('translation accounting')).toEqual([]);
  });
});

describe('stop words', () => {
  test('stop words do not narrow a search that has other words', async () => {
    const id = await addListing(database.db, { description: 'translation of contracts' });
    expect(await idsOf('the translation of a contract')).toEqual([id]);
  });

  test('alone are looked for as they stand, in names', async () => {
    const id = await addListing(database.db, { seller: 'The Who' });
    await addListing(database.db, { seller: 'Somebody', description: 'who is the one' });
    expect(await idsOf('the who')).toEqual([id]);
    expect(await idsOf('of')).toEqual([]);
  });
});

describe('a hostile search', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['quotes', `it's "quoted" ''' \\' translation`],
    ['operators', 'translation & | ! <-> <2> :* ( ) :A'],
    ['an open bracket', '((translation'],
    ['only operators', '& | ! ( )'],
    ['only punctuation', '?!.,;-–—…'],
    ['only spaces', '  \t\n '],
    ['nothing', ''],
    ['a percent sign', '%_%'],
    ['backslashes', '\\\\\\'],
    ['SQL', `'; DROP TABLE listings; --`],
    ['NUL', 'trans\u0000lation'],
    ['half a surrogate pair', '\ud800 translation'],
    ['emoji', '🚀👩‍👩‍👧 translation'],
    ['right to left', '‮noitalsnart ترجمة'],
    ['a dotted capital I', 'İSTANBUL'],
    ['combining marks', 'e\u0301\u0301\u0301\u0301 हिन्दी'],
    ['a word without end', 'a'.repeat(100_000)],
    ['a wide word without end', '翻'.repeat(100_000)],
    ['words without end', 'translation '.repeat(20_000)],
    ['many words', Array.from({ length: 5_000 }, (_, index) => `word${index}`).join(' ')],
    ['a number without end', '9'.repeat(5_000)],
    ['something like a URL', 'https://user:pw@example.com/a?b=c#d'],
    ['something like markup', '<script>alert(1)</script>'],
  ];

  test.each(hostile)('a hostile search never fails: %s', async (_what, q) => {
    await addListing(database.db, { description: 'translation' });
    const { rows, total } = await find(q);
    expect(rows.length).toBe(total);
  });

  test.each([[`it's "translation"`], ['translation & !'], ['((translation'], ['🚀 translation']])(
    'is read for its words: %s',
    async (q) => {
      const id = await addListing(database.db, { description: 'its translation' });
      expect(await idsOf(q)).toEqual([id]);
    },
  );

  test('a hostile search finds nothing without a word to look for', async () => {
    await addListing(database.db, { description: 'translation' });
    for (const q of ['', '  ', '?!', '🚀']) expect(await find(q)).toEqual({ rows: [], total: 0 });
  });
});
