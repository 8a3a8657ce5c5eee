export { openAnchor } from './anchor.ts';
export { anchorName, type Batch, decodeBatch, encodeBatch } from './batch.ts';
export type { Anchor, Anchored } from './write-once.ts';
