export { type SeededAgent, type SeedOptions, seedMarket } from './seed-market.ts';
