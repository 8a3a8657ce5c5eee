// What the supervisor of a test imports.
export { createCrew } from '../crew.ts';
export { launchProcess } from '../launch-process.ts';
export { openPidFiles } from '../pid-files.ts';
export { answers, standIn } from './stand-in.ts';
