import type { ScriptLimits, ScriptOutcome } from '../../src/backend.ts';
import type { SandboxRuntime } from '../../src/sandbox/runtimes.ts';

/** Things of the machine that attacks aim at, made for the suite alone. */
export interface Bait {
  /** A file that everybody on the machine may read, and a directory that everybody may write to. */
  readonly file: string;
  readonly directory: string;
  /** Listeners on 127.0.0.1 and ::1, on a path and on an abstract name. */
  readonly port: number;
  readonly socket: string;
  readonly abstract: string;
  /** The process that runs the suite. */
  readonly runnerPid: number;
}

/**
 * One attempt to do what a test may not. A script says `held` when the attempt was refused and `ESCAPED` when it
 * worked; attempts to exhaust something are instead ended with an outcome.
 */
export interface Attack {
  readonly area: Area;
  readonly name: string;
  readonly runtime: SandboxRuntime;
  /** What stops it. */
  readonly heldBy: string;
  /** Outcomes that count as held. Default: `passed`, with the word `held` on stdout. */
  readonly endsAs?: readonly ScriptOutcome['outcome'][];
  readonly limits?: Partial<ScriptLimits>;
  /** It works when the same script runs outside a sandbox, where it does no harm. */
  readonly worksOutside?: true;
  script(bait: Bait): string;
}

export type Area = 'network' | 'files' | 'processes' | 'kernel' | 'resources' | 'interpreter' | 'channels';

/** Why the sandbox did not hold, or null when it did. */
export function flawOf(
  attack: Attack,
  ended: Pick<ScriptOutcome, 'outcome' | 'stdout' | 'stderr'>,
): string | null {
  const said = `${ended.outcome}: ${ended.stdout.slice(0, 300)} ${ended.stderr.slice(-300)}`;
  if (ended.stdout.includes('ESCAPED') || ended.stderr.includes('ESCAPED')) {
    return said;
  }
  if (attack.endsAs?.includes(ended.outcome) && ended.outcome !== 'passed') {
    return null;
  }
  const tried = ended.outcome === 'passed' && ended.stdout.includes('held');
  return tried && (attack.endsAs?.includes('passed') ?? true) ? null : said;
}

/** What Python attacks begin with. `call` makes a raw system call and answers -errno like the kernel. */
const pythonPrelude = `
import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(number, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *args)
    return result if result >= 0 else -ctypes.get_errno()
def held(why):
    print('held:', why); sys.stdout.flush(); os._exit(0)
def escaped(what):
    print('ESCAPED:', what); sys.stdout.flush(); os._exit(0)
def refused(number, *args):
    result = call(number, *args)
    held(errno.errorcode.get(-result, result)) if result < 0 else escaped(result)
def attempt(action):
    try:
        result = action()
    except Exception as error:
        held(repr(error))
    escaped(repr(result))
`;

const nodePrelude = `'use strict';
const fs = require('node:fs'), net = require('node:net'), os = require('node:os'), cp = require('node:child_process');
const say = (word, what) => { fs.writeSync(1, word + ': ' + what + '\\n'); process.exit(0); };
const held = (why) => say('held', why), escaped = (what) => say('ESCAPED', what);
const attempt = (action) => { let result; try { result = action(); } catch (error) { held(error.message); } escaped(result); };
`;

const bashPrelude = `
held() { echo "held: $*"; exit 0; }
escaped() { echo "ESCAPED: $*"; exit 0; }
`;

const preludes = { python: pythonPrelude, node: nodePrelude, bash: bashPrelude };
const runtimes = { python: 'python:3', node: 'node:24', bash: 'bash:5' } as const;
type Language = keyof typeof runtimes;

/**
 * What makes attacks on an area: the same attempt in one language or in several, each with its prelude. `held` is what
 * stops it, with what else the attack has.
 */
export const attacksOn =
  (area: Area) =>
  (
    name: string,
    held: string | Omit<Attack, 'area' | 'name' | 'runtime' | 'script'>,
    scripts: Readonly<Partial<Record<Language, string | ((bait: Bait) => string)>>>,
  ): Attack[] =>
    Object.entries(scripts).map(([key, body]) => ({
      ...(typeof held === 'string' ? { heldBy: held } : held),
      area,
      name,
      runtime: runtimes[key as Language],
      script: (bait) => preludes[key as Language] + (typeof body === 'string' ? body : body(bait)),
    }));
