// The emulator's log.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One event: debug is each failed attempt, info what happened to a queue, warn and error what needs a look. */
export type Log = (level: LogLevel, message: string) => void;

export const silentLog: Log = () => {};
