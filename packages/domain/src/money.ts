const PPM = 1_000_000n;

/**
 * The platform's fee on an agreed price, rounded half to even on the cent. The one place that rounds.
 *
 * @param priceCents non-negative.
 * @param ratePpm parts per million: 25,000 is 2.5 %.
 */
export function feeOf(priceCents: bigint, ratePpm: number): bigint {
  const scaled = priceCents * BigInt(ratePpm);
  const whole = scaled / PPM;
  const twiceRest = (scaled % PPM) * 2n;
  if (twiceRest > PPM) return whole + 1n;
  if (twiceRest < PPM) return whole;
  return whole % 2n === 0n ? whole : whole + 1n;
}

/** The wire's form of a fee rate: 25,000 ppm is `{ fraction: "0.025", display: "2.5 %" }`. */
export function describeFee(ratePpm: number): { fraction: string; display: string } {
  return { fraction: trimmed(ratePpm, 6), display: `${trimmed(ratePpm, 4)} %` };
}

function trimmed(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
}
