import { type Instruction, opcodes } from '../../src/sandbox/seccomp/bpf.ts';

/** The fields of struct seccomp_data that a filter may look at. */
export interface SeccompData {
  readonly number: number;
  readonly arch: number;
  readonly args?: readonly bigint[];
}

/** Runs a filter as the kernel would and returns its action. Throws on what the kernel would not load. */
export function interpret(program: readonly Instruction[], data: SeccompData): number {
  const memory = Buffer.alloc(64);
  memory.writeUInt32LE(data.number >>> 0, 0);
  memory.writeUInt32LE(data.arch, 4);
  for (const [index, value] of (data.args ?? []).entries()) {
    memory.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + index * 8);
  }
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 1) {
    const { code, ifTrue, ifFalse, k } = program[at] as Instruction;
    if (code === opcodes.end) {
      return k;
    } else if (code === opcodes.load) {
      accumulator = memory.readUInt32LE(k);
    } else {
      at += holds(code, accumulator, k) ? ifTrue : ifFalse;
    }
  }
  throw new Error('fell off the end of the filter');
}

function holds(code: number, accumulator: number, k: number): boolean {
  switch (code) {
    case opcodes.jumpEqual:
      return accumulator === k;
    case opcodes.jumpAtLeast:
      return accumulator >= k;
    case opcodes.jumpAnyBit:
      return (accumulator & k) !== 0;
    default:
      throw new Error(`opcode ${code} is not loadable`);
  }
}
