/** "12.50" in cents. @throws RangeError for what is no amount of at most two places. */
export function cents(text: string): bigint {
  const found = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (found === null) throw new RangeError(`${text} is no amount`);
  const [, sign, whole = '0', fraction = ''] = found;
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  return sign === '-' ? -value : value;
}

/** As the registry writes money. */
export function money(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** For people: with a thin space between thousands. */
export function grouped(text: string): string {
  return text.replace(/\B(?=(?:\d{3})+(?:\.|$))/g, '\u202f');
}

const PPM = 1_000_000n;

/** What the platform takes of an amount earned: the rate as a fraction, rounded up, 0.01 at least, and no more than there is. */
export function feeOf(earned: bigint, rate: string): bigint {
  const ppm = BigInt((rate.split('.')[1] ?? '').padEnd(6, '0').slice(0, 6));
  if (earned <= 0n || ppm === 0n) return 0n;
  const up = (earned * ppm + PPM - 1n) / PPM;
  const fee = up < 1n ? 1n : up;
  return fee > earned ? earned : fee;
}

/** What a job is worth, in cents. */
export interface Stakes {
  readonly price: bigint;
  readonly bond: bigint;
  readonly clientPenalty: bigint;
  /** "0.025". */
  readonly rate: string;
}

/** What each gets of what is held. */
export interface Split {
  readonly client: bigint;
  readonly seller: bigint;
  readonly platform: bigint;
}

export type Ending = 'complete' | 'client_abort' | 'seller_abort' | 'fail';

/** Who gets what when a job ends so; `fail` unless it is disputed. */
export function splitOf(ending: Ending, { price, bond, clientPenalty, rate }: Stakes): Split {
  if (ending === 'complete') {
    const platform = feeOf(price, rate);
    return { client: 0n, seller: price - platform + bond, platform };
  }
  if (ending === 'client_abort')
    return { client: price - clientPenalty, seller: clientPenalty + bond, platform: 0n };
  if (ending === 'seller_abort') return { client: price + bond, seller: 0n, platform: 0n };
  return { client: price, seller: bond, platform: 0n };
}

/** Who gets what of an agreed split: the fee is taken of what the seller gets above its bond. */
export function splitByShare(sellerShare: bigint, { price, bond, rate }: Stakes): Split {
  const platform = feeOf(sellerShare - bond, rate);
  return { client: price + bond - sellerShare, seller: sellerShare - platform, platform };
}
