import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';

const PPM_DIGITS = 6;

export const getFees = reading({
  contract: contracts.getFees,
  read: async (context) => describeFee(context.rules.feeRatePpm),
});

/** The rate, given in millionths, as a fraction and in per cent: 25,000 is "0.025" and "2.5 %". */
export function describeFee(ratePpm: number): { platform_fee_percent: string; display: string } {
  const asDecimal = (ppm: number, digits: number): string => {
    const text = String(ppm).padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '');
  };
  return {
    platform_fee_percent: asDecimal(ratePpm, PPM_DIGITS),
    display: `${asDecimal(ratePpm, PPM_DIGITS - 2)} %`,
  };
}
