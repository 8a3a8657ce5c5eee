import { randomUUID } from 'node:crypto';

/** Listings a seller offers in the made-up market. */
const LISTINGS_PER_SELLER = 10;
/** Words of the made-up vocabulary; the first are common, the last are rare, as in any language (Zipf). */
const VOCABULARY = 20_000;
const DESCRIPTION_WORDS = 8;

/** In a third of the descriptions. */
export const COMMON_WORD = 'translation';
/** In one description of every ten thousand. */
export const RARE_WORD = 'paleography';

const SYLLABLES = 'ba con dar el fin gor hul im jar kel lum mon nar op pel quo ran sol tur ver'.split(' ');

/** The nth most common word, from 0. */
export function wordOf(rank: number): string {
  const [a, b, c] = [rank % 20, Math.floor(rank / 20) % 20, Math.floor(rank / 400) % 20];
  return `${SYLLABLES[a]}${SYLLABLES[b]}${SYLLABLES[c]}${rank >= 8_000 ? SYLLABLES[rank % 7] : ''}`;
}

export interface MarketSeller {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Separated by spaces. */
  readonly capabilities: string;
  readonly reputation: number | null;
}

export interface MarketBatch {
  readonly sellers: readonly MarketSeller[];
  readonly listings: readonly {
    readonly seller: MarketSeller;
    readonly skill: string;
    readonly description: string;
    /** Cents. */
    readonly price: number;
  }[];
}

/** A market that is the same every time but for its ids, a batch at a time. */
export function createMarket(): { next(listings: number): MarketBatch } {
  const random = createRandom(20_260_101);
  const words = Array.from({ length: VOCABULARY }, (_, rank) => wordOf(rank));
  const pick = () => words[Math.floor(VOCABULARY ** random()) - 1]!;
  return { next: (listings) => nextBatch(listings, random, pick) };
}

function nextBatch(count: number, random: () => number, pick: () => string): MarketBatch {
  const sellers = Array.from({ length: Math.ceil(count / LISTINGS_PER_SELLER) }, () => ({
    id: randomUUID(),
    key: `${randomUUID()}${randomUUID()}`.replaceAll('-', ''),
    name: `${pick()} ${pick()}`,
    capabilities: `${pick()} ${pick()}`,
    // Three in ten have too few reviews; nobody with enough of them has less than 0.15.
    reputation: random() < 0.3 ? null : 0.15 + Math.floor(random() * 486) / 100,
  }));
  const listings = Array.from({ length: count }, (_, index) => ({
    seller: sellers[Math.floor(index / LISTINGS_PER_SELLER)]!,
    skill: `${pick()}-${pick()}-${index % LISTINGS_PER_SELLER}`,
    description: describe(random, pick),
    price: 1 + Math.floor(random() ** 3 * 1_000_000),
  }));
  return { sellers, listings };
}

function describe(random: () => number, pick: () => string): string {
  const words = Array.from({ length: DESCRIPTION_WORDS }, pick);
  if (random() < 1 / 3) words.push(COMMON_WORD);
  if (random() < 1 / 10_000) words.push(RARE_WORD);
  return words.join(' ');
}

/** Mulberry32: small, quick, and with a period of 2³², so a market of millions does not repeat itself. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
