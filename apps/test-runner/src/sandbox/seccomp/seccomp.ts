import { assemble, type Decision, encode, type Instruction } from './bpf.ts';
import {
  type ArgumentRule,
  absentSyscalls,
  allowedSyscalls,
  argumentRules,
  pretendedSyscalls,
} from './syscall-policy.ts';
import { lastSyscall } from './syscalls.ts';

/** What the kernel is to do with a call (linux/seccomp.h, with the errno in the low half). */
export const actions = {
  allow: 0x7fff0000,
  killProcess: 0x80000000,
  notPermitted: 0x00050000 | 1,
  noSuchCall: 0x00050000 | 38,
  /** The call is not made and answers 0. */
  pretend: 0x00050000,
} as const;

/** AUDIT_ARCH_X86_64: the only architecture whose call numbers this filter knows. */
export const auditArch = 0xc000003e;

/** Calls of the x32 ABI carry this bit: another table of numbers on the same architecture. */
export const x32Bit = 0x40000000;

/** Offsets in struct seccomp_data; arguments are 64 bits and little-endian. */
const offsetOf = { number: 0, arch: 4, argument: (index: number) => 16 + index * 8 };

/** The architectures, as Node names them, that the filter can be emitted for. */
export const filteredArchitectures: readonly string[] = ['x64'];

type Verdict = { readonly action: number } | { readonly rule: ArgumentRule };

/** The filter as instructions. Throws on an architecture whose table of system calls is not here. */
export function buildFilter(architecture: string = process.arch): Instruction[] {
  if (!filteredArchitectures.includes(architecture)) {
    throw new Error(`no system call table for ${architecture}: the sandbox runs on x86-64 only`);
  }
  return assemble({
    load: offsetOf.arch,
    next: {
      test: 'equal',
      k: auditArch,
      no: { action: actions.killProcess },
      yes: { load: offsetOf.number, next: search(segments()) },
    },
  });
}

/** The filter as the bytes that bubblewrap's --seccomp reads. */
export function seccompFilter(architecture: string = process.arch): Buffer {
  return encode(buildFilter(architecture));
}

/** Neighbouring numbers with the same verdict are one segment, which one comparison bounds. */
function segments(): { first: number; verdict: Verdict }[] {
  const found: { first: number; verdict: Verdict }[] = [];
  for (let number = 0; number <= lastSyscall; number += 1) {
    const verdict = verdictOf(number);
    const previous = found.at(-1)?.verdict;
    const same = previous !== undefined && 'action' in previous && 'action' in verdict;
    if (!same || previous.action !== verdict.action) {
      found.push({ first: number, verdict });
    }
  }
  return [
    ...found,
    { first: lastSyscall + 1, verdict: { action: actions.noSuchCall } },
    { first: x32Bit, verdict: { action: actions.killProcess } },
  ];
}

function verdictOf(number: number): Verdict {
  const rule = argumentRules.get(number);
  if (rule !== undefined) {
    return { rule };
  }
  if (absentSyscalls.has(number) || (number > 334 && number < 424)) {
    return { action: actions.noSuchCall };
  }
  if (pretendedSyscalls.has(number)) {
    return { action: actions.pretend };
  }
  return { action: allowedSyscalls.has(number) ? actions.allow : actions.notPermitted };
}

type Segment = { readonly first: number; readonly verdict: Verdict };

/** Binary search over the segments: about eight comparisons for any call. */
function search(all: readonly Segment[]): Decision {
  const [only] = all;
  if (only === undefined) {
    throw new Error('empty search');
  }
  if (all.length === 1) {
    return 'action' in only.verdict ? only.verdict : decideByArgument(only.verdict.rule);
  }
  const middle = middleOf(all);
  return {
    test: 'atLeast',
    k: (all[middle] as Segment).first,
    yes: search(all.slice(middle)),
    no: search(all.slice(0, middle)),
  };
}

/** A jump reaches over 255 instructions. */
const maxWeightBefore = 200;

/** Where the instructions, not the segments, are halved, as far as a jump reaches. */
function middleOf(all: readonly Segment[]): number {
  const half = Math.min(all.reduce((sum, segment) => sum + weightOf(segment), 0) / 2, maxWeightBefore);
  let before = 0;
  const middle = all.findIndex((segment) => {
    before += weightOf(segment);
    return before > half;
  });
  return Math.min(Math.max(middle, 1), all.length - 1);
}

/** About the instructions that decide a segment, with the comparison that leads to it. */
function weightOf({ verdict }: Segment): number {
  if ('action' in verdict) return 2;
  const { rule } = verdict;
  if ('withoutBits' in rule) return 5;
  const values = 'only' in rule ? rule.only.length : rule.except.length + (rule.pretend?.length ?? 0);
  return 3 + 2 * values;
}

function decideByArgument(rule: ArgumentRule): Decision {
  const allow: Decision = { action: actions.allow };
  const refuse: Decision = { action: actions.notPermitted };
  const load = offsetOf.argument(rule.argument);
  if ('withoutBits' in rule) {
    return { load, next: { test: 'anyBit', k: rule.withoutBits, yes: refuse, no: allow } };
  }
  const [values, listed, other] = 'only' in rule ? [rule.only, allow, refuse] : [rule.except, refuse, allow];
  const chain = values.reduceRight<Decision>((no, k) => ({ test: 'equal', k, yes: listed, no }), other);
  const pretended = 'pretend' in rule ? rule.pretend : [];
  const yes: Decision = { action: actions.pretend };
  const next = pretended.reduceRight<Decision>((no, k) => ({ test: 'equal', k, yes, no }), chain);
  return { load, next };
}
