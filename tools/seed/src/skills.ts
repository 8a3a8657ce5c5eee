import type { Random } from './random.ts';

/** One kind of work that is sold. */
export interface Skill {
  readonly id: string;
  readonly capabilities: readonly string[];
  readonly descriptions: readonly string[];
  /** Cents, from the cheapest to the dearest. */
  readonly price: readonly [number, number];
  readonly sla: string;
  readonly requirements: (random: Random) => unknown;
  /** Null where the client decides itself. */
  readonly criteria: unknown;
  /** Work that the criteria accept, or refuse; without criteria, work that a client likes, or not. */
  readonly deliver: (random: Random, isGood: boolean) => unknown;
}

const words = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.pick(VOCABULARY)).join(' ');
const VOCABULARY =
  'a careful answer needs the source the figure and a date while most readers want one clear line first then what follows from it'.split(
    ' ',
  );
const suite = (...tests: readonly { test_id: string; type: string; params: unknown }[]) => ({
  version: '1.0',
  pass_threshold: 'all',
  tests,
});

export const skills: readonly Skill[] = [
  {
    id: 'translate-de-en',
    capabilities: ['translation', 'german', 'english'],
    descriptions: [
      'German to English for contracts and letters; names, figures and dates stay exact.',
      'Translates German product texts to plain British English, with a glossary of terms kept.',
    ],
    price: [600, 4_200],
    sla: '24 h for up to 3,000 words',
    requirements: (random) => ({ words: random.whole(300, 3_000), tone: random.pick(['formal', 'plain']) }),
    criteria: suite(
      { test_id: 'has-text', type: 'assertion', params: { expression: 'size(output.text) >= 40' } },
      { test_id: 'language', type: 'assertion', params: { expression: 'output.language == "en"' } },
    ),
    deliver: (random, isGood) => ({ language: isGood ? 'en' : 'de', text: words(random, 40) }),
  },
  {
    id: 'extract-invoice',
    capabilities: ['extraction', 'invoices', 'json'],
    descriptions: [
      'Reads scanned invoices and returns number, date, lines and totals as JSON that adds up.',
      'Invoice fields as clean JSON: supplier, VAT, line items; every sum is checked.',
    ],
    price: [150, 900],
    sla: '10 minutes',
    requirements: (random) => ({ pages: random.whole(1, 12), currency: 'EUR' }),
    criteria: suite(
      {
        test_id: 'shape',
        type: 'json_schema',
        params: {
          schema: {
            type: 'object',
            required: ['number', 'total', 'lines'],
            properties: {
              number: { type: 'string', minLength: 3 },
              total: { type: 'number', multipleOf: 0.01 },
            },
          },
        },
      },
      { test_id: 'lines', type: 'count_gte', params: { path: '$.lines[*]', min_count: 2 } },
    ),
    deliver: (random, isGood) => ({
      number: `R-${random.whole(1_000, 9_999)}`,
      total: random.whole(1_000, 90_000) / 100,
      lines: Array.from({ length: isGood ? random.whole(2, 6) : 1 }, (_, index) => ({
        item: index + 1,
        qty: 1,
      })),
    }),
  },
  {
    id: 'clean-csv',
    capabilities: ['data', 'csv', 'cleaning'],
    descriptions: [
      'Deduplicates and repairs tables: dates, phone numbers, stray encodings. Says what it changed.',
    ],
    price: [300, 2_400],
    sla: '2 h for up to 100,000 rows',
    requirements: (random) => ({ rows: random.whole(500, 80_000), key: 'email' }),
    criteria: suite(
      { test_id: 'records', type: 'count_gte', params: { path: '$.records[*]', min_count: 3 } },
      { test_id: 'no-errors', type: 'count_lte', params: { path: '$.errors[*]', max_count: 0 } },
    ),
    deliver: (random, isGood) => ({
      records: Array.from({ length: 3 }, (_, id) => ({
        id,
        email: `reader${random.whole(1, 999)}@example.org`,
      })),
      errors: isGood ? [] : [{ row: random.whole(1, 999), reason: 'two values for one key' }],
    }),
  },
  {
    id: 'label-sentiment',
    capabilities: ['classification', 'sentiment', 'reviews'],
    descriptions: ['Labels reviews as good, bad or mixed, each with the phrase that decided it.'],
    price: [100, 800],
    sla: '15 minutes for 1,000 reviews',
    requirements: (random) => ({ reviews: random.whole(50, 1_000), languages: ['en', 'de'] }),
    criteria: suite({
      test_id: 'labels',
      type: 'assertion',
      params: { expression: 'output.labels.all(label, label in ["good", "bad", "mixed"])' },
    }),
    deliver: (random, isGood) => ({
      labels: Array.from({ length: 5 }, () =>
        random.pick(isGood ? ['good', 'bad', 'mixed'] : ['fine', 'unsure']),
      ),
    }),
  },
  {
    id: 'write-sql',
    capabilities: ['sql', 'postgres', 'analytics'],
    descriptions: [
      'Turns a question into one Postgres query, with its plan and the rows that it was tried on.',
    ],
    price: [500, 3_000],
    sla: '1 h',
    requirements: (random) => ({
      question: random.pick(['Revenue by month', 'Churn by cohort', 'Top ten by margin']),
    }),
    criteria: suite(
      { test_id: 'short', type: 'assertion', params: { expression: 'size(output.query) < 2000' } },
      {
        test_id: 'is-a-query',
        type: 'contains',
        params: { pattern: '(?i)^\\s*(select|with)\\b', is_regex: true },
      },
    ),
    deliver: (random, isGood) => ({
      query: `${isGood ? 'SELECT' : 'DROP TABLE orders; --'} month, sum(total) FROM orders GROUP BY month LIMIT ${random.whole(5, 50)}`,
    }),
  },
  {
    id: 'design-json-schema',
    capabilities: ['json', 'schemas', 'apis'],
    descriptions: [
      'A JSON Schema 2020-12 for your payloads, strict where it helps, with examples that pass and fail.',
    ],
    price: [800, 3_600],
    sla: '4 h',
    requirements: (random) => ({ payloads: random.whole(2, 20) }),
    criteria: suite({
      test_id: 'is-2020-12',
      type: 'contains',
      params: { pattern: 'https://json-schema.org/draft/2020-12/schema' },
    }),
    deliver: (random, isGood) => ({
      $schema: isGood
        ? 'https://json-schema.org/draft/2020-12/schema'
        : 'http://json-schema.org/draft-07/schema#',
      title: words(random, 2),
      type: 'object',
    }),
  },
  {
    id: 'geocode-addresses',
    capabilities: ['geocoding', 'addresses', 'maps'],
    descriptions: ['Addresses to coordinates, with how sure it is of each and which part it could not find.'],
    price: [200, 1_600],
    sla: '30 minutes for 5,000 addresses',
    requirements: (random) => ({
      addresses: random.whole(100, 5_000),
      country: random.pick(['DE', 'FR', 'AT']),
    }),
    criteria: suite({
      test_id: 'on-earth',
      type: 'assertion',
      params: { expression: 'output.points.all(point, point.lat <= 90.0 && point.lat >= -90.0)' },
    }),
    deliver: (random, isGood) => ({
      points: Array.from({ length: 4 }, () => ({
        lat: isGood ? random.whole(4_700, 5_400) / 100 : 152.4,
        lon: 9.9,
      })),
    }),
  },
  {
    id: 'summarise-paper',
    capabilities: ['research', 'summaries', 'science'],
    descriptions: [
      'One page on a paper: the claim, the evidence, what would refute it, and whom it concerns.',
      'Reads a paper so that you need not: method, numbers, weak spots, in 300 words.',
    ],
    price: [400, 2_000],
    sla: '6 h',
    requirements: (random) => ({ doi: `10.1000/demo.${random.whole(100, 999)}`, words: 300 }),
    criteria: null,
    deliver: (random) => ({
      claim: words(random, 14),
      evidence: words(random, 30),
      doubts: words(random, 16),
    }),
  },
  {
    id: 'review-code',
    capabilities: ['code-review', 'typescript', 'security'],
    descriptions: [
      'Reads a pull request as a patient colleague would: what breaks, what is unclear, what to keep.',
    ],
    price: [1_500, 9_000],
    sla: '8 h',
    requirements: (random) => ({
      lines: random.whole(80, 1_200),
      language: random.pick(['TypeScript', 'Go', 'Rust']),
    }),
    criteria: null,
    deliver: (random) => ({
      findings: Array.from({ length: random.whole(1, 4) }, () => ({
        line: random.whole(1, 400),
        note: words(random, 12),
      })),
    }),
  },
  {
    id: 'product-copy',
    capabilities: ['copywriting', 'shops', 'english'],
    descriptions: ['Product texts that say what the thing is. No adjectives that the thing has not earned.'],
    price: [250, 1_800],
    sla: '12 h for 20 products',
    requirements: (random) => ({ products: random.whole(1, 20), voice: random.pick(['calm', 'brisk']) }),
    criteria: null,
    deliver: (random) => ({ texts: Array.from({ length: 3 }, () => words(random, 24)) }),
  },
  {
    id: 'web-research',
    capabilities: ['research', 'sources', 'fact-checking'],
    descriptions: [
      'Answers with sources: each sentence has one, and what could not be confirmed is said to be so.',
    ],
    price: [900, 6_000],
    sla: '24 h',
    requirements: (random) => ({ question: words(random, 10), sources: random.whole(3, 10) }),
    criteria: null,
    deliver: (random) => ({
      answer: words(random, 50),
      sources: ['https://example.org/a', 'https://example.org/b'],
    }),
  },
  {
    id: 'transcribe-call',
    capabilities: ['speech', 'transcription', 'meetings'],
    descriptions: ['Calls to text with speakers and times; what was decided stands at the top.'],
    price: [350, 2_200],
    sla: 'half the length of the call',
    requirements: (random) => ({ minutes: random.whole(8, 90), speakers: random.whole(2, 6) }),
    criteria: null,
    deliver: (random) => ({ decided: words(random, 12), transcript: words(random, 60) }),
  },
];
