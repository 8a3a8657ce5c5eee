import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { launchCommand, type Programs } from './bubblewrap.ts';
import type { Pipe, Scratch } from './scratch.ts';

/** Ids of the os-users of sandboxes when the runner is root: 20000 and up, which no distribution assigns. */
const firstOsUser = 20_000;

/** Our ends of the pipes of a sandbox. */
export interface OurEnds {
  readonly stdin: number;
  readonly args: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly status: number;
}

/**
 * Starts bwrap in its control group, with an empty environment and just the descriptors listed. It waits for its
 * options on `args`. As root it runs as a user of its own, because RLIMIT_NPROC does not bind root, and root is what
 * a sandbox should be furthest from.
 */
export function spawnBwrap(
  {
    filter: filterPath,
    scratch,
    programs,
  }: { readonly filter: string; readonly scratch: Scratch; readonly programs: Programs },
  entrances: readonly string[],
  { slot, processor }: { readonly slot: number; readonly processor: number },
): { child: ChildProcess; ours: OurEnds } {
  const pipes: Pipe[] = [];
  const keep = (pipe: Pipe) => {
    pipes.push(pipe);
    return pipe;
  };
  const theirs: number[] = [];
  const user = process.getuid?.() === 0 ? { uid: firstOsUser + slot, gid: firstOsUser + slot } : {};
  try {
    const stdin = keep(scratch.pipeToChild());
    const options = keep(scratch.pipeToChild());
    const [stdout, stderr, status] = [1, 2, 3].map(() => keep(scratch.pipeFromChild())) as [Pipe, Pipe, Pipe];
    theirs.push(...entrances.map((path) => openSync(path, constants.O_WRONLY)));
    const groups = [...theirs];
    const filter = openSync(filterPath, 'r');
    theirs.push(filter, stdin.readEnd, options.readEnd, stdout.writeEnd, stderr.writeEnd, status.writeEnd);
    const [program = '', ...words] = launchCommand(programs, groups.length, processor);
    const child = spawn(program, words, {
      cwd: '/',
      env: {},
      stdio: [
        stdin.readEnd,
        stdout.writeEnd,
        stderr.writeEnd,
        options.readEnd,
        filter,
        status.writeEnd,
        ...groups,
      ],
      ...user,
    });
    closeAll(theirs);
    return {
      child,
      ours: {
        stdin: stdin.writeEnd,
        args: options.writeEnd,
        stdout: stdout.readEnd,
        stderr: stderr.readEnd,
        status: status.readEnd,
      },
    };
  } catch (error) {
    const all = new Set([...theirs, ...pipes.flatMap((pipe) => [pipe.readEnd, pipe.writeEnd])]);
    closeAll(all);
    throw error;
  }
}

function closeAll(fds: Iterable<number>): void {
  for (const fd of fds) {
    closeSync(fd);
  }
}
