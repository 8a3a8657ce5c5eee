// Rewrites the engine's WebAssembly so that its work is counted: every turn of every loop and every call costs one
// step, and what is copied or filled in one instruction costs by its length. Native loops of built-ins are counted
// like the script's own, so a script ends at the same place on every machine. The engine's table is exported as well.
import { encodeUnsigned, fromSections, type Section, toSections, WasmReader } from './wasm-binary.ts';

/** Names under which the rewritten module exports what it did not before. */
export const meterExports = { steps: 'steps', table: 'table' } as const;

const sectionIds = { types: 1, imports: 2, functions: 3, globals: 6, exports: 7, code: 10 } as const;
const i32 = 0x7f;
const i64 = 0x7e;
const externalTable = 1;
const externalGlobal = 3;
const mutable = 1;
/** More than any script is given: the engine sets itself up before a script's count begins. */
const initialSteps = [0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
/** Bytes that are copied in the time of one step, as a power of two. */
const bytesPerStepLog2 = 5;

/** Throws when the module is not of the shape that this engine's modules have. */
export function meterEngine(engine: Uint8Array): Uint8Array {
  const sections = toSections(engine);
  const find = (id: number): Section => {
    const section = sections.find((each) => each.id === id);
    if (section === undefined) throw new Error(`the engine has no section ${id}`);
    return section;
  };
  const global = countOf(find(sectionIds.globals));
  const type = countOf(find(sectionIds.types));
  const charge = countImportedFunctions(find(sectionIds.imports)) + countOf(find(sectionIds.functions));
  const code = find(sectionIds.code);
  code.bytes = meterCode(code.bytes, encodeUnsigned(global), encodeUnsigned(charge));
  append(code, chargeBody(encodeUnsigned(global)));
  append(find(sectionIds.types), [0x60, 1, i32, 1, i32]);
  append(find(sectionIds.functions), encodeUnsigned(type));
  append(find(sectionIds.globals), [i64, mutable, ...initialSteps, 0x0b]);
  append(find(sectionIds.exports), exportOf(meterExports.table, externalTable, 0));
  append(find(sectionIds.exports), exportOf(meterExports.steps, externalGlobal, global));
  return fromSections(sections);
}

function exportOf(name: string, kind: number, index: number): number[] {
  return [name.length, ...Buffer.from(name), kind, ...encodeUnsigned(index)];
}

function countOf(section: Section): number {
  return new WasmReader(section.bytes).unsigned();
}

/** Adds one entry to a section that is a counted list. */
function append(section: Section, entry: readonly number[]): void {
  const reader = new WasmReader(section.bytes);
  const count = reader.unsigned();
  const entries = section.bytes.subarray(reader.at);
  section.bytes = Buffer.concat([Buffer.from(encodeUnsigned(count + 1)), entries, Buffer.from(entry)]);
}

function countImportedFunctions({ bytes }: Section): number {
  const reader = new WasmReader(bytes);
  let functions = 0;
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.skip(reader.unsigned());
    reader.skip(reader.unsigned());
    const kind = reader.byte();
    if (kind === 0) {
      functions += 1;
      reader.unsigned();
    } else if (kind === 2) {
      if (reader.unsigned() % 2 === 1) reader.unsigned();
      reader.unsigned();
    } else {
      throw new Error(`the engine imports something of kind ${kind}`);
    }
  }
  return functions;
}

/** Takes one step, and traps when none is left. */
function tick(global: readonly number[]): number[] {
  const takeOne = [0x23, ...global, 0x42, 1, 0x7d, 0x24, ...global];
  const trapBelowZero = [0x23, ...global, 0x42, 0, 0x53, 0x04, 0x40, 0x00, 0x0b];
  return [...takeOne, ...trapBelowZero];
}

/** The body of a function that takes a length, charges for it and gives it back. */
function chargeBody(global: readonly number[]): number[] {
  const length = [0x20, 0];
  const stepsOf = [...length, 0x41, bytesPerStepLog2, 0x76, 0xad];
  const body = [0, 0x23, ...global, ...stepsOf, 0x7d, 0x24, ...global, ...length, 0x0b];
  return [...encodeUnsigned(body.length), ...body];
}

function meterCode(bytes: Buffer, global: readonly number[], charge: readonly number[]): Buffer {
  const step = Buffer.from(tick(global));
  const call = Buffer.from([0x10, ...charge]);
  const reader = new WasmReader(bytes);
  const count = reader.unsigned();
  const parts: Buffer[] = [Buffer.from(encodeUnsigned(count))];
  for (let left = count; left > 0; left -= 1) {
    const size = reader.unsigned();
    const body = meterBody(bytes.subarray(reader.at, reader.at + size), step, call);
    parts.push(Buffer.from(encodeUnsigned(body.length)), body);
    reader.skip(size);
  }
  return Buffer.concat(parts);
}

function meterBody(bytes: Buffer, step: Buffer, call: Buffer): Buffer {
  const reader = new WasmReader(bytes);
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.unsigned();
    reader.byte();
  }
  const parts = [bytes.subarray(0, reader.at), step];
  let copied = reader.at;
  while (reader.at < bytes.length) {
    const start = reader.at;
    const instruction = reader.instruction();
    if (instruction === 'loop') {
      parts.push(bytes.subarray(copied, reader.at), step);
      copied = reader.at;
    } else if (instruction === 'bulk') {
      parts.push(bytes.subarray(copied, start), call);
      copied = start;
    }
  }
  parts.push(bytes.subarray(copied));
  return Buffer.concat(parts);
}
