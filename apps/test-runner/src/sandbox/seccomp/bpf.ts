/** The few opcodes of classic BPF that a seccomp filter needs (linux/bpf_common.h). */
export const opcodes = {
  /** A = 32-bit word of seccomp_data at offset k. */
  load: 0x20,
  /** Jump when A equals k. */
  jumpEqual: 0x15,
  /** Jump when A is at least k, unsigned. */
  jumpAtLeast: 0x35,
  /** Jump when A has any bit of k. */
  jumpAnyBit: 0x45,
  /** End with the action k. */
  end: 0x06,
} as const;

/** One `struct sock_filter`: eight bytes on the wire. */
export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly k: number;
}

/** A filter as a decision tree: every path ends in an action, so it can have no loop and no gap. */
export type Decision =
  | { readonly action: number }
  | {
      readonly test: 'equal' | 'atLeast' | 'anyBit';
      readonly k: number;
      readonly yes: Decision;
      readonly no: Decision;
    }
  | { readonly load: number; readonly next: Decision };

const jumps = {
  equal: opcodes.jumpEqual,
  atLeast: opcodes.jumpAtLeast,
  anyBit: opcodes.jumpAnyBit,
} as const;

/** A conditional jump's offset is one byte. */
const maxJump = 255;

/** The kernel's own bound on the length of a filter (BPF_MAXINSNS). */
const maxInstructions = 4096;

/**
 * The instructions of a decision tree: the `no` branch follows its test and the `yes` branch comes after it.
 * Throws when a branch is too far for a jump, which no filter of ours may be.
 */
export function assemble(decision: Decision): Instruction[] {
  const instructions = flatten(decision);
  if (instructions.length > maxInstructions) {
    throw new Error(`filter of ${instructions.length} instructions`);
  }
  return instructions;
}

function flatten(decision: Decision): Instruction[] {
  if ('action' in decision) {
    return [{ code: opcodes.end, ifTrue: 0, ifFalse: 0, k: decision.action }];
  }
  if ('load' in decision) {
    const load = { code: opcodes.load, ifTrue: 0, ifFalse: 0, k: decision.load };
    return [load, ...flatten(decision.next)];
  }
  const no = flatten(decision.no);
  if (no.length > maxJump) {
    throw new Error(`a branch of ${no.length} instructions is out of a jump's reach`);
  }
  return [
    { code: jumps[decision.test], ifTrue: no.length, ifFalse: 0, k: decision.k },
    ...no,
    ...flatten(decision.yes),
  ];
}

/** The bytes that the kernel reads: little-endian u16 code, u8 jt, u8 jf, u32 k. */
export function encode(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [index, { code, ifTrue, ifFalse, k }] of instructions.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}
