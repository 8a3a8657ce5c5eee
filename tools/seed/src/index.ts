export { HISTORY_MS, type SeededAgent, type SeedOptions, seedMarket } from './seed-market.ts';
