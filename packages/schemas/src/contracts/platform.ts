import { z } from 'zod';
import { contract } from './contract.ts';

export const getFees = contract({
  id: 'getFees',
  method: 'GET',
  path: '/fees',
  tag: 'Platform',
  summary: 'What the platform takes of a completed job',
  access: 'open',
  rate: 'read',
  response: z.object({ platform_fee_percent: z.string(), display: z.string() }).meta({ id: 'Fees' }),
  status: 200,
  errors: [],
});
