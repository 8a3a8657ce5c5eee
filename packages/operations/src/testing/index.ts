export { RULES, useHarness, verdict } from './harness.ts';
export { twoParties } from './two-parties.ts';
