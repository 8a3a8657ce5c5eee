import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptJob } from '../backend.ts';

/**
 * The two files that a sandbox sees read-only and the runner fills when a job comes. They have names only until
 * the sandbox stands; the runner reaches them by descriptors it opened itself, never by a path.
 */
export interface Inputs {
  readonly script: string;
  readonly deliverable: string;
  fill(job: ScriptJob): void;
  /** Takes the names away. */
  unlink(): void;
  close(): void;
}

export function createInputs(directory: string, slot: number): Inputs {
  const script = join(directory, `script-${slot}`);
  const deliverable = join(directory, `deliverable-${slot}`);
  const scriptFd = openSync(script, 'wx', 0o444);
  const deliverableFd = openSync(deliverable, 'wx', 0o444);
  const unlink = () => {
    rmSync(script, { force: true });
    rmSync(deliverable, { force: true });
  };
  return {
    script,
    deliverable,
    fill(job) {
      writeAll(scriptFd, job.script);
      writeAll(deliverableFd, job.deliverableJson);
    },
    unlink,
    close() {
      closeSync(scriptFd);
      closeSync(deliverableFd);
      unlink();
    },
  };
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done);
  }
}
