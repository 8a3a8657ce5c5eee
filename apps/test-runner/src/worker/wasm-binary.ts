// The little of WebAssembly's binary format that counting its work takes: sections, LEB128 numbers, and how long each
// instruction is. What this engine's modules do not contain is refused, never guessed.

export interface Section {
  readonly id: number;
  bytes: Buffer;
}

const headerBytes = 8;

export function toSections(module: Uint8Array): Section[] {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.byteLength);
  const reader = new WasmReader(bytes);
  reader.skip(headerBytes);
  const sections: Section[] = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.unsigned();
    sections.push({ id, bytes: bytes.subarray(reader.at, reader.at + size) });
    reader.skip(size);
  }
  return sections;
}

export function fromSections(sections: readonly Section[]): Buffer {
  const header = Buffer.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const parts = sections.flatMap(({ id, bytes }) => [
    Buffer.from([id, ...encodeUnsigned(bytes.length)]),
    bytes,
  ]);
  return Buffer.concat([header, ...parts]);
}

/** Unsigned LEB128, of at most 32 bits. */
export function encodeUnsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encodeUnsigned(value >>> 7)];
}

const emptyBlock = 0x40;
/** Instructions with one LEB128 number after them: branches, calls, variables, integer constants. */
const oneNumber = new Set([0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x3f, 0x40, 0x41, 0x42]);
/** unreachable, nop, else, end, return, drop, select: nothing after them. Arithmetic is a range of its own. */
const nothingAfter = new Set([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b]);

/** Reads from the beginning of `bytes` on. Throws on an instruction that it does not know. */
export class WasmReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new Error('the module is cut short');
    this.at += 1;
    return value;
  }

  skip(count: number): void {
    this.at += count;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** Moves over one instruction and says whether it is a loop's head or copies or fills memory. */
  instruction(): 'loop' | 'bulk' | 'other' {
    const code = this.byte();
    if (oneNumber.has(code)) this.unsigned();
    else if (code >= 0x02 && code <= 0x04) this.#blockType();
    else if (code >= 0x28 && code <= 0x3e) this.#numbers(2);
    else if (code === 0x0e) this.#numbers(this.unsigned() + 1);
    else if (code === 0x11) this.#numbers(2);
    else if (code === 0x43) this.skip(4);
    else if (code === 0x44) this.skip(8);
    else if (code === 0xfc) return this.#prefixed();
    else if (!nothingAfter.has(code) && !(code >= 0x45 && code <= 0xc4)) {
      throw new Error(`the engine has an instruction 0x${code.toString(16)}`);
    }
    return code === 0x03 ? 'loop' : 'other';
  }

  /** One type of a value, or none: a block that takes parameters is not of this engine. */
  #blockType(): void {
    const type = this.byte();
    if (type !== emptyBlock && (type < 0x7c || type > 0x7f)) throw new Error('a block with parameters');
  }

  #numbers(count: number): void {
    for (let left = count; left > 0; left -= 1) this.unsigned();
  }

  #prefixed(): 'bulk' | 'other' {
    const code = this.unsigned();
    if (code <= 7) return 'other';
    if (code === 10) this.skip(2);
    else if (code === 11) this.skip(1);
    else throw new Error(`the engine has an instruction 0xfc ${code}`);
    return 'bulk';
  }
}
