// What the supervisor of a test imports.

export { launchProcess } from '../launch-process.ts';
export { openPidFiles } from '../pid-files.ts';
export { createSupervisor } from '../supervisor.ts';
export { answers, standIn } from './stand-in.ts';
