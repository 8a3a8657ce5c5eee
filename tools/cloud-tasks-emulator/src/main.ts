// The emulator as a program.
import { QUEUES } from '@agent-registry/infra';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { type CliOptions, HELP, readCliOptions } from './cli-options.ts';
import { startEmulator } from './emulator.ts';
import type { Log } from './log.ts';

/** Attempts under way when the program is told to stop may end within this. */
const STOP_GRACE_MS = 3000;

const consoleLog =
  (verbose: boolean): Log =>
  (level, message) => {
    if (level !== 'debug' || verbose) process.stderr.write(`cloud-tasks-emulator ${level}: ${message}\n`);
  };

const run = async (options: CliOptions): Promise<void> => {
  const queues = options.queues === 'none' ? {} : QUEUES[options.queues];
  const emulator = await startEmulator({ ...options, queues, log: consoleLog(options.verbose) });
  const stop = () => {
    // A second signal ends the program at once, by the default action.
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, stop);
    void emulator.stop({ graceMs: STOP_GRACE_MS }).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.write(
    `cloud-tasks-emulator: gRPC on ${options.host}:${emulator.port}, keys and state on ${emulator.httpUrl}\n`,
  );
};

// The library prints a line of its own for a port in use; the message below says it better.
setLogVerbosity(logVerbosity.NONE);
try {
  const options = readCliOptions(process.argv.slice(2), process.env);
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  else await run(options);
} catch (error) {
  process.stderr.write(`cloud-tasks-emulator: ${(error as Error).message}\n`);
  process.exit(1);
}
