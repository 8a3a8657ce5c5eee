import { expect, test } from '@jest/globals';
import { type Contest, checkEndings, type EndedJob } from './check-endings.ts';

const agreed = { by: 'agreement', client: -600n, seller: 585n } as const;
const decided = { by: 'operator', client: -500n, seller: 487n } as const;
const late = { by: 'time', client: 100n, seller: -100n } as const;
const contest = (change: Partial<Contest>): Contest => ({
  jobId: 'j',
  client: 'c',
  seller: 's',
  acknowledged: [agreed],
  otherwise: null,
  ...change,
});
const faultsOf = (one: Partial<Contest>, job: Partial<EndedJob> | null) =>
  [
    ...checkEndings([contest(one)], new Map(job && [['j', { jobId: 'j', leaves: 1, ...agreed, ...job }]])),
  ].join('; ');

test('a job that ended once, by what was acknowledged or else by time, is as it must be', () => {
  expect(faultsOf({}, {})).toBe('');
  expect(faultsOf({ acknowledged: [decided] }, decided)).toBe('');
  expect(faultsOf({ acknowledged: [], otherwise: late }, late)).toBe('');
  expect(faultsOf({ otherwise: late }, {})).toBe('');
});

test.each([
  ['two endings that were acknowledged', { acknowledged: [agreed, decided] }, {}, 'to end 2 times'],
  ['an ending that nobody was told of', { acknowledged: [] }, {}, 'none of them was told so'],
  ['an ending other than what was acknowledged', {}, decided, 'ended by operator'],
  ['an acknowledged settlement that time undid', { otherwise: late }, late, 'ended by time'],
  ['a settlement that was paid twice', {}, { seller: 1_285n }, '1285 for the seller instead of'],
  ['a settlement that is not in the log', {}, { leaves: 0 }, '0 settlements in the log'],
  ['a settlement that is in the log twice', {}, { leaves: 2 }, '2 settlements in the log'],
  ['a job that was lost', {}, null, 'is not in the books'],
])('the storm finds %s', (_name, one, job, said) => {
  expect(faultsOf(one, job)).toContain(said);
});
