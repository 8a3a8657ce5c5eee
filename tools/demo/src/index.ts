export { play } from './play.ts';
export { createNarrator, type Narrator } from './tell.ts';
