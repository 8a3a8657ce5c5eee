export { createManualClock, type EmulatorClock, type ManualClock } from './clock.ts';
export { type Emulator, type EmulatorOptions, type EmulatorState, startEmulator } from './emulator.ts';
export type { Log, LogLevel } from './log.ts';
export type { EmulatorQueueSettings } from './queue-config.ts';
export type { QueueReport } from './queue-report.ts';
export { EMULATOR_SERVICE_ACCOUNT } from './token-issuer.ts';
