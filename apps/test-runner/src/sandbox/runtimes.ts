import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, linkSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ScriptRuntime } from '@agent-registry/schemas';
import { bashHarness, nodeHarness, pythonHarness } from './bwrap/harness-sources.ts';

/** A runtime that needs a sandbox; `javascript` needs none. */
export type SandboxRuntime = Exclude<ScriptRuntime, 'javascript'>;

/** An interpreter found at boot and how it is started inside a sandbox. */
export interface Interpreter {
  readonly name: SandboxRuntime;
  readonly version: string;
  /** Host files that the sandbox needs beside /usr, and where they appear in it. Files only. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** Where the script appears. */
  readonly scriptPath: string;
  /** Where the program appears that waits for a byte on its standard input and then becomes the script. */
  readonly harnessPath: string;
  /** The command inside the sandbox, before the file that it is to run. */
  command(memoryBytes: number): readonly string[];
  /** The same for a delivered program, which may import what lies beside it. */
  programCommand(memoryBytes: number): readonly string[];
  /** Whether RLIMIT_DATA bounds it: Node reserves far more than it uses. */
  readonly boundByDataLimit: boolean;
}

/** A version that takes longer than this to be told is a broken interpreter. */
const versionTimeoutMs = 10_000;

const mebibyte = 1024 * 1024;

/** Where else than in process.execPath a Node 24 may be. */
const nodePlaces = [process.execPath, '/usr/bin/node', '/usr/local/bin/node'];

/** Only /usr is visible inside, so an interpreter in a home directory is of no use. */
const pythonPlaces = ['/usr/bin/python3', '/usr/local/bin/python3'];
const bashPlaces = ['/usr/bin/bash', '/bin/bash', '/usr/local/bin/bash'];

/** Finds the interpreters of this machine and writes their harnesses into `directory`. */
export function findInterpreters(directory: string): Interpreter[] {
  const found = [findPython(directory), findNode(directory), findBash(directory)];
  return found.filter((interpreter) => interpreter !== null);
}

function findPython(directory: string): Interpreter | null {
  const place = firstWithVersion(pythonPlaces, ['-I', '--version'], /^Python (3\.\S+)/);
  if (place === null) {
    return null;
  }
  const harness = writeHarness(directory, 'harness.py', pythonHarness);
  return {
    name: 'python:3',
    version: place.version,
    files: [harness],
    scriptPath: '/input/script.py',
    harnessPath: harness.to,
    // What -I does, but for the environment, whose seed of hashes it would ignore. Before 3.11 there is no -P.
    command: () => [place.path, '-s', ...(hasSafePath(place.version) ? ['-P'] : []), '-B'],
    programCommand: () => [place.path, '-s', '-B'],
    boundByDataLimit: true,
  };
}

function hasSafePath(version: string): boolean {
  return Number(version.split('.')[1]) >= 11;
}

function findNode(directory: string): Interpreter | null {
  const place = firstWithVersion(nodePlaces, ['--version'], /^v(24\.\S+)/);
  if (place === null) {
    return null;
  }
  const harness = writeHarness(directory, 'harness.cjs', nodeHarness);
  const file = realpathSync(place.path);
  const reachable = process.getuid?.() === 0 ? withinReach(file, directory) : file;
  // Without a hint V8 sizes its heap by the machine's memory and would sooner be killed than collect.
  const command = (memoryBytes: number) => [
    '/runtime/node',
    `--max-old-space-size=${Math.floor((memoryBytes / mebibyte) * 0.75)}`,
    '--disable-sigusr1',
  ];
  return {
    name: 'node:24',
    version: place.version,
    files: [harness, { from: reachable, to: '/runtime/node' }],
    scriptPath: '/input/script.js',
    harnessPath: harness.to,
    command,
    programCommand: command,
    boundByDataLimit: false,
  };
}

/**
 * A path by which any user can run a file: its own, or one in `directory`. Sandboxes of a runner that is root run
 * as users of their own, and those reach nothing below a private home directory.
 */
export function withinReach(file: string, directory: string): string {
  const isOpen = grants(file, 0o005);
  if (isOpen && isReachable(dirname(file))) return file;
  const reachable = join(directory, basename(file));
  if (!isOpen || !linked(file, reachable)) {
    copyFileSync(file, reachable);
    // A link has no mode of its own, and needs none.
    chmodSync(reachable, 0o555);
  }
  return reachable;
}

function isReachable(directory: string): boolean {
  return grants(directory, 0o001) && (directory === dirname(directory) || isReachable(dirname(directory)));
}

/** Whether everybody has these permissions. */
function grants(path: string, permissions: number): boolean {
  return (statSync(path).mode & permissions) === permissions;
}

/** False on another file system, or one without links. */
function linked(file: string, path: string): boolean {
  try {
    linkSync(file, path);
    return true;
  } catch {
    return false;
  }
}

function findBash(directory: string): Interpreter | null {
  const place = firstWithVersion(bashPlaces, ['--version'], /version (5\.[0-9.]+)/);
  if (place === null) {
    return null;
  }
  const harness = writeHarness(directory, 'harness.sh', bashHarness);
  return {
    name: 'bash:5',
    version: place.version,
    files: [harness],
    scriptPath: '/input/script.sh',
    harnessPath: harness.to,
    command: () => [place.path, '--noprofile', '--norc'],
    programCommand: () => [place.path, '--noprofile', '--norc'],
    boundByDataLimit: true,
  };
}

function writeHarness(directory: string, name: string, source: string): { from: string; to: string } {
  const from = join(directory, name);
  writeFileSync(from, source, { mode: 0o444 });
  return { from, to: `/runtime/${name}` };
}

function firstWithVersion(
  places: readonly string[],
  args: readonly string[],
  pattern: RegExp,
): { path: string; version: string } | null {
  for (const path of places) {
    const version = pattern.exec(askVersion(path, args))?.[1];
    if (version !== undefined) {
      return { path, version };
    }
  }
  return null;
}

function askVersion(path: string, args: readonly string[]): string {
  try {
    return execFileSync(path, args, { env: {}, timeout: versionTimeoutMs, encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}
