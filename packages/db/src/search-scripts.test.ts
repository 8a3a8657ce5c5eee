import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { discoverListings } from './queries/discover.ts';
import { addListing } from './testing/market-fixture.ts';
import { useMarket } from './testing/use-market.ts';

const database = useMarket();

const find = async (q: string) =>
  (await discoverListings(database.apiDb, { q }, { limit: 100, offset: 0 })).rows.map(
    (row) => row.listing_id,
  );

interface Line {
  readonly text: string;
  /** Other ways to ask for its words: without accents or points, in capitals, inside a run. */
  readonly also: readonly string[];
  /** What shares letters with it and is not in it. */
  readonly not?: readonly string[];
}

const LINES: Readonly<Record<string, Line>> = {
  Latin: {
    text: 'Résumé für Málaga, Straße, Łódź, Đà Nẵng, ışık, smørrebrød, œuvre',
    also: [
      'resume',
      'RÉSUMÉ',
      'malaga',
      'STRASSE',
      'strasse',
      'lodz',
      'da nang',
      'IŞIK',
      'işik',
      'isik',
      'smorrebrod',
      'oeuvre',
    ],
    not: ['lada'],
  },
  Greek: { text: 'Η οδός της Αθήνας', also: ['ΟΔΟΣ', 'οδοσ', 'οδος', 'ΑΘΗΝΑΣ', 'αθηνας'] },
  Cyrillic: { text: 'Перевод ещё йогурт Україна', also: ['ПЕРЕВОД', 'еще', 'иогурт', 'украіна'] },
  Armenian: { text: 'Թարգմանություն եւ խմբագրում', also: ['ԹԱՐԳՄԱՆՈՒԹՅՈՒՆ'] },
  Georgian: { text: 'თარგმანი ქართული ენა', also: ['ქართული'] },
  Hebrew: { text: 'שָׁלוֹם עוֹלָם', also: ['שלום', 'עולם', 'שלוֹם'] },
  Arabic: { text: 'تَرْجَمَةُ النُّصُوص أحمد العـــربية', also: ['ترجمة', 'النصوص', 'احمد', 'العربية'] },
  Devanagari: { text: 'हिन्दी अनुवाद सेवा', also: ['हिन्दी'], not: ['हनद'] },
  Bengali: { text: 'বাংলা অনুবাদ পরিষেবা', also: ['বাংলা'] },
  Gurmukhi: { text: 'ਪੰਜਾਬੀ ਅਨੁਵਾਦ', also: ['ਪੰਜਾਬੀ'] },
  Tamil: { text: 'தமிழ் மொழிபெயர்ப்பு', also: ['தமிழ்'], not: ['தமழ'] },
  Telugu: { text: 'తెలుగు అనువాదం', also: ['తెలుగు'] },
  Sinhala: { text: 'සිංහල පරිවර්තනය', also: ['සිංහල'] },
  Thai: { text: 'บริการแปลภาษาไทย', also: ['ไทย', 'แปล', 'ภาษา', 'แปลภาษา'], not: ['ไทยภาษา', 'ลาว'] },
  Lao: { text: 'ບໍລິການແປພາສາລາວ', also: ['ລາວ', 'ພາສາ', 'ແປ'], not: ['ລາວພາສາ'] },
  Khmer: { text: 'សេវាបកប្រែភាសាខ្មែរ', also: ['ខ្មែរ', 'ភាសា', 'បកប្រែ'], not: ['ខ្មែរភាសា'] },
  Myanmar: { text: 'မြန်မာဘာသာပြန်ဝန်ဆောင်မှု', also: ['မြန်မာ', 'ဘာသာပြန်', 'ဝန်ဆောင်မှု'], not: ['ဘာသာမြန်မာ'] },
  Han: {
    text: '請求書処理、机器翻译',
    also: ['処理', '請求', '書', '翻译', '机器'],
    not: ['書請', '処理翻', '請処'],
  },
  Kana: {
    text: 'カスタマーサポートをやさしく',
    also: ['サポート', 'ｻﾎﾟｰﾄ', 'やさしく', 'カスタマー'],
    not: ['サポトー', 'ヤサシク'],
  },
  Hangul: { text: '번역을 합니다', also: ['번역', '합니다'], not: ['을번역'] },
  Ethiopic: { text: 'አማርኛ ትርጉም', also: ['ትርጉም'] },
  Tibetan: { text: 'བོད་ཡིག་སྒྱུར།', also: ['ཡིག', 'བོད་ཡིག'] },
};

/** A soft hyphen is part of a word, and is none. */
const wordsOf = (text: string) =>
  (text.match(/[\p{L}\p{M}\p{N}\u00ad]+/gu) ?? []).filter((word) => /[\p{L}\p{N}]/u.test(word));

describe('a line in a script is found by each of its words, whole, in pieces and without its accents', () => {
  test.each(Object.entries(LINES))(
    'a line in this script is found by each of its words, whole, in pieces and without its accents: %s',
    async (_script, { text, also, not = [] }) => {
      const id = await addListing(database.db, { description: text });
      const missed: string[] = [];
      for (const q of [text, ...wordsOf(text), ...also]) {
        for (const spelt of [q, q.normalize('NFD'), q.normalize('NFKC')])
          if ((await find(spelt))[0] !== id) missed.push(spelt);
      }
      const wrong: string[] = [];
      for (const q of not) if ((await find(q)).length > 0) wrong.push(q);
      expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
    },
  );
});

test('a listing that has a word as it was asked for comes before one that has it with other accents', async () => {
  const cheap = { description: 'resume', price: 1n };
  const dear = { description: 'Résumé', price: 2n };
  const [plain, accented] = [await addListing(database.db, cheap), await addListing(database.db, dear)];
  expect(await find('resume')).toEqual([plain, accented]);
  expect(await find('résumé')).toEqual([accented, plain]);
  expect(await find('rèsùmè')).toEqual([plain, accented]);
});

test('a word is found without its accents also where somebody lists it so', async () => {
  const accented = await addListing(database.db, { description: 'Málaga' });
  expect(await find('malaga')).toEqual([accented]);
  const plain = await addListing(database.db, { description: 'Malaga' });
  expect(await find('malaga')).toEqual([plain, accented]);
});

test('letters of an unspaced script are found where they follow one another, not where they stand apart', async () => {
  const together = await addListing(database.db, { description: '東京都の地図' });
  await addListing(database.db, { skill: '東京', description: '京都と東京', seller: '都' });
  expect(await find('東京都')).toEqual([together]);
});

test('whatever a listing says is found by each of its words, however those are normalised and in either case', async () => {
  const word = fc.oneof(
    fc.constantFrom(...Object.values(LINES).flatMap(({ text }) => wordsOf(text))),
    fc.string({
      unit: fc.constantFrom(
        ...Array.from('aeizsßıİIſﬁøÅéñ½²ΑΣςσάᾳΐДйҐ'),
        'e\u0301',
        'e\u0323\u0301',
        '가',
        'ｱ',
        'Ⅳ',
        'がガ',
        'क्ष',
        '\u00ad',
        'ก็',
        '7',
        '_',
      ),
      minLength: 1,
      maxLength: 12,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (parts) => {
      await database.empty();
      const text = parts.join(' · ');
      const id = await addListing(database.db, { seller: text });
      const spelt = wordsOf(text).flatMap((q) => [
        ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => q.normalize(form)),
        q.toUpperCase(),
        q.toLowerCase(),
      ]);
      const found = await Promise.all([...new Set(spelt)].map(async (q) => [q, await find(q)]));
      expect(found.filter(([, ids]) => ids?.[0] !== id)).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 120_000);
