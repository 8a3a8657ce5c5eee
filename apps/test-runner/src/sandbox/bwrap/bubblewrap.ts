import { lstatSync, readlinkSync } from 'node:fs';
import type { Interpreter } from '../runtimes.ts';
import { initScript } from './harness-sources.ts';

/**
 * Descriptors that a sandbox starts with beside the standard three. The first two are closed by bwrap; from `groups`
 * on there is one for each entrance of its control group, closed before bwrap begins.
 */
export const descriptors = { args: 3, seccomp: 4, status: 5, groups: 6 } as const;

/** Descriptors and queued signals that one process may have. */
export const openFiles = 64;
const queuedSignals = 256;

/** Programs of the machine that start a sandbox. */
export interface Programs {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly taskset: string;
}

/** The kernel's own limits, for each process; what they cannot say, the group or the watchdog does. */
export interface ProcessLimits {
  readonly processes: number;
  readonly cpuSeconds: number;
  readonly fileBytes: number;
  /** RLIMIT_DATA in bytes, or null for none. */
  readonly dataBytes: number | null;
}

/** A file or directory of the host, and where it appears inside, read-only. */
export interface Bind {
  readonly from: string;
  readonly to: string;
}

/** What the file tree of one sandbox is made of. */
export interface Tree {
  readonly interpreter: Interpreter;
  readonly diskBytes: number;
  readonly inputs: readonly Bind[];
  /** What covers the files of /proc that tell of the host. */
  readonly masks: readonly Bind[];
}

/** Size of the private /dev/shm. */
const sharedBytes = 16 * 1024 * 1024;

/** The same for every interpreter, whenever and wherever it starts: hashes, locale and time zone would differ otherwise. */
const environment = {
  PATH: '/usr/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  PYTHONHASHSEED: '0',
};

/** Top-level names that are links into /usr on most systems and directories on some. */
const topLevel = ['/bin', '/sbin', '/lib', '/lib64'];

/**
 * bwrap's options, which it reads from a pipe, so that no process list shows them and it does nothing before they
 * are complete. /proc/1 is covered because the first process, unlike the script's own
 * children, must not be reached through its memory or its descriptors.
 */
export function sandboxOptions(tree: Tree): string[] {
  const files = [...tree.masks, ...tree.interpreter.files, ...tree.inputs];
  const variables = Object.entries(environment).map(([name, value]) => `--setenv ${name} ${value}`);
  return [
    '--unshare-user --unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup-try',
    '--disable-userns --assert-userns-disabled --die-with-parent --new-session --as-pid-1',
    '--hostname sandbox --uid 65534 --gid 65534 --cap-drop ALL',
    '--clearenv',
    ...variables,
    '--ro-bind /usr /usr',
    ...topLevel.map(topLevelOption),
    '--ro-bind-try /etc/ld.so.cache /etc/ld.so.cache --ro-bind-try /etc/alternatives /etc/alternatives',
    '--proc /proc --tmpfs /proc/1 --remount-ro /proc/1',
    `--dev /dev --remount-ro /dev --size ${sharedBytes} --tmpfs /dev/shm`,
    `--size ${tree.diskBytes} --tmpfs /tmp --chdir /tmp`,
  ]
    .flatMap((words) => words.split(' ').filter(Boolean))
    .concat(files.flatMap(({ from, to }) => ['--ro-bind', from, to]))
    .concat(['--remount-ro', '/', '--seccomp', String(descriptors.seccomp)]);
}

/**
 * The command line of a bwrap that waits for its options, pinned to one processor, which is all that programs in it see. It moves
 * itself into its control group, and does not begin without that. Limits that are the same for every sandbox, and that bwrap itself
 * can live with, are set here, before a script waits.
 */
export function launchCommand(programs: Programs, entrances: number, processor: number): readonly string[] {
  const limits = [`--sigpending=${queuedSignals}`, '--msgqueue=0', '--core=0', '--memlock=0'];
  const options = ['--args', String(descriptors.args), '--', 'sh', '-c', initScript];
  const pinned = [programs.taskset, '-c', String(processor)];
  const command = [...pinned, programs.prlimit, ...limits, programs.bwrap, ...options];
  const groups = Array.from({ length: entrances }, (_, index) => descriptors.groups + index);
  const enter = groups.map((fd) => `echo 0 >&${fd} && exec ${fd}>&- && `).join('');
  return enter === '' ? command : ['/bin/sh', '-c', `${enter}exec "$@"`, 'enter', ...command];
}

/**
 * The line that tells the first process what to run: its limits in the shell's units, where standard input comes
 * from, and the command.
 */
export function interpreterLine(
  limits: ProcessLimits,
  input: 'runner' | 'nothing' | 'program',
  command: readonly string[],
): string {
  const { processes, cpuSeconds, fileBytes, dataBytes } = limits;
  const fileBlocks = Math.floor(fileBytes / 512);
  const dataKibibytes = dataBytes === null ? 'unlimited' : Math.floor(dataBytes / 1024);
  return `${[processes, cpuSeconds, fileBlocks, dataKibibytes, openFiles, input, ...command].join(' ')}\n`;
}

/**
 * The line that tells the first process to run a program on `/input/stdin`. Its words are octal where they need be, each
 * after a `=` that shows an empty one.
 */
export function programLine(
  limits: ProcessLimits,
  command: readonly string[],
  args: readonly string[],
): string {
  const words = args.map((arg) => `=${[...Buffer.from(arg)].map(octal).join('')}`);
  return interpreterLine(limits, 'program', [...command, ...words]);
}

function octal(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[\w./:,+-]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
}

/** The option that makes `path` inside what it is outside. */
function topLevelOption(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    return '';
  }
  return found.isSymbolicLink() ? `--symlink ${readlinkSync(path)} ${path}` : `--ro-bind ${path} ${path}`;
}
