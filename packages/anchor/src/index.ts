export { type Anchor, type Anchored, openAnchor } from './anchor.ts';
export { anchorName, type Batch, decodeBatch, encodeBatch } from './batch.ts';
