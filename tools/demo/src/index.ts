export { play } from './play.ts';
export { createNarrator } from './tell.ts';
