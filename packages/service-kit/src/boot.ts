import { ConfigError } from '@agent-registry/config';

/** A reason not to start that a person can act on without a stack trace. */
export class BootError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BootError';
  }
}

/** Runs a service's `main`. What stops it from starting is printed once, and the process exits 1. */
export const bootOrExit = async (main: () => Promise<unknown>): Promise<void> => {
  try {
    await main();
  } catch (error) {
    const isPlain = error instanceof ConfigError || error instanceof BootError;
    console.error(isPlain ? error.message : error);
    process.exit(1);
  }
};
