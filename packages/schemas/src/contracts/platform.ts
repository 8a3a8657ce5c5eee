import { z } from 'zod';
import { moneyOut } from '../money.ts';
import { contract, openRead } from './contract.ts';

export const getFees = contract({
  route: 'GET /fees',
  tag: 'Platform',
  summary: 'Get the platform fee',
  description: 'What the platform takes of what a seller earns.',
  ...openRead,
  response: z
    .object({
      platform_fee_percent: z
        .string()
        .meta({ description: 'The rate as a fraction of what the seller earns', examples: ['0.025'] }),
      display: z.string().meta({ description: 'The rate in per cent', examples: ['2.5 %'] }),
      rounding: z
        .literal('up')
        .meta({ description: 'How the fee comes to whole cents, for jobs agreed from now on' }),
      minimum: moneyOut.meta({ description: 'The least fee of a job that pays its seller' }),
    })
    .meta({ id: 'Fees', description: 'What the platform takes' }),
  maxAgeSeconds: 300,
});
