import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProgramJob, ScriptJob } from '../../backend.ts';
import type { Bind } from './bubblewrap.ts';

/** What a sandbox sees read-only of its job. The runner reaches it by descriptors and paths that it made itself. */
export interface Inputs {
  readonly binds: readonly Bind[];
  /** Puts the job in. */
  fill(job: ScriptJob): void;
  /** Takes away the names that the standing sandbox needs no more. */
  unlink(): void;
  close(): void;
}

/** A script and its deliverable: two files, filled when a job comes and already unlinked by then. */
export function createInputs(directory: string, slot: number, scriptPath: string): Inputs {
  const script = join(directory, `script-${slot}`);
  const deliverable = join(directory, `deliverable-${slot}`);
  const scriptFd = openSync(script, 'wx', 0o444);
  const deliverableFd = openSync(deliverable, 'wx', 0o444);
  const unlink = () => {
    rmSync(script, { force: true });
    rmSync(deliverable, { force: true });
  };
  return {
    binds: [
      { from: script, to: scriptPath },
      { from: deliverable, to: '/input/result.json' },
    ],
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

/** A program's directory and its standard input. The directory keeps its name: a sandbox sees in it what is there now. */
export function createProgramInputs(directory: string, slot: number, job: ProgramJob): Inputs {
  const program = join(directory, `program-${slot}`);
  const stdin = join(directory, `stdin-${slot}`);
  const close = () => {
    rmSync(program, { recursive: true, force: true });
    rmSync(stdin, { force: true });
  };
  try {
    makeDirectory(program);
    for (const { name, bytes } of job.files) {
      makeDirectory(dirname(join(program, name)));
      writeFileSync(join(program, name), bytes, { flag: 'wx', mode: 0o444 });
    }
    writeFileSync(stdin, job.stdin, { flag: 'wx', mode: 0o444 });
  } catch (error) {
    close();
    throw error;
  }
  return {
    binds: [
      { from: program, to: programDirectory },
      { from: stdin, to: '/input/stdin' },
    ],
    fill: () => undefined,
    unlink: () => rmSync(stdin, { force: true }),
    close,
  };
}

/** Where a program's files appear. */
export const programDirectory = '/program';

/** With the directories above it. The sandbox's user passes through and lists them, whatever our umask. */
function makeDirectory(path: string): void {
  const made = mkdirSync(path, { recursive: true });
  if (made !== undefined) {
    for (let at = path; at.length >= made.length; at = dirname(at)) {
      chmodSync(at, 0o755);
    }
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done);
  }
}
