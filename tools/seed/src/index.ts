export { createRandom } from './random.ts';
export { HISTORY_MS, type SeededAgent, type SeedOptions, seedMarket } from './seed-market.ts';
export { skills } from './skills.ts';
