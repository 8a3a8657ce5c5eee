import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const prefix = 'agent-registry-sandbox-';

/** FIFOs made by one call of mkfifo: a sandbox takes five, and a call costs about two milliseconds. */
const fifoBatch = 60;

/** Write for others: a test that opens /dev/stdout does so as the sandbox's user. */
const fifoMode = ['-m', '622'];
const fifoEnv = { PATH: '/usr/bin:/bin' };

/** Both ends of a pipe that has no name any more. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** A private directory for what must have a name for an instant: pipes, inputs, the filter. */
export interface Scratch {
  readonly path: string;
  /** A pipe out of a child: our end to read does not block, the child's end to write does. */
  pipeFromChild(): Pipe;
  /** A pipe into a child: its end to read blocks. */
  pipeToChild(): Pipe;
  /** Makes the next pipes' names meanwhile, so that no request has to wait for them. */
  prepare(): void;
  /** Removes the directory and everything in it. */
  remove(): Promise<void>;
}

/**
 * Makes the scratch directory, and removes those that dead runners left. Real pipes come from FIFOs, because
 * Node's own "pipes" are sockets, which a child cannot open again as /dev/stdout. Others may pass through the
 * directory (a sandbox binds its inputs by path, as its own user) but not list it.
 */
export function createScratch(parent: string = tmpdir()): Scratch {
  removeStale(parent);
  const path = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  chmodSync(path, 0o711);
  const names: string[] = [];
  let made = 0;
  let preparing: Promise<void> | null = null;
  const nextBatch = () => {
    const batch = Array.from({ length: fifoBatch }, (_, index) => join(path, `pipe-${made + index}`));
    made += fifoBatch;
    return batch;
  };
  const prepare = () => {
    if (names.length < fifoBatch / 2) {
      preparing ??= makeBatch(nextBatch())
        .then((batch) => void names.push(...batch))
        // Without it the next sandbox makes its own, and says what is wrong.
        .catch(() => undefined)
        .finally(() => {
          preparing = null;
        });
    }
  };
  const prepareNow = () => {
    const batch = nextBatch();
    execFileSync('mkfifo', [...fifoMode, ...batch], { env: fifoEnv });
    names.push(...batch);
  };
  const withName = (open: (name: string) => Pipe): Pipe => {
    if (names.length === 0) {
      prepareNow();
    }
    const name = names.pop() as string;
    const pipe = open(name);
    unlinkSync(name);
    return pipe;
  };
  return {
    path,
    pipeFromChild: () => withName(openForReading),
    pipeToChild: () => withName(openForWriting),
    prepare,
    async remove() {
      await preparing;
      // A launch that is just being given up may still make its pipe: what is not empty yet is tried again.
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
    },
  };
}

async function makeBatch(batch: string[]): Promise<string[]> {
  await promisify(execFile)('mkfifo', [...fifoMode, ...batch], { env: fifoEnv });
  return batch;
}

function openForReading(name: string): Pipe {
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  return { readEnd, writeEnd: openSync(name, constants.O_WRONLY) };
}

/** Opening one end of a FIFO waits for the other, unless a third descriptor is both. */
function openForWriting(name: string): Pipe {
  const both = openSync(name, constants.O_RDWR);
  try {
    return { readEnd: openSync(name, constants.O_RDONLY), writeEnd: openSync(name, constants.O_WRONLY) };
  } finally {
    closeSync(both);
  }
}

/** Removes the directories of runners that were killed before they could. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isSafeInteger(owner) && !isAlive(owner)) {
      try {
        rmSync(join(parent, name), { recursive: true, force: true });
      } catch {
        // Another user's: not ours to remove.
      }
    }
  }
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
