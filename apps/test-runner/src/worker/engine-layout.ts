import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/** Where QuickJS keeps what is looked at of its promises. Addresses and offsets in bytes. */
export interface Layout {
  readonly promiseClass: number;
  /** Of an object: the address of its promise data, which begin with the state. */
  readonly data: number;
  /** Of promise data. */
  readonly isHandled: number;
  readonly reason: number;
  /** Of an object: its link in the list of all objects. */
  readonly link: number;
  /** Address of that list's head. */
  readonly heap: number;
  /** Address of the pointer to the function that frees a promise. */
  readonly finalizer: number;
}

/** The engine's memory, whose buffer is another one after each growth. */
export class Words {
  readonly #memory: WebAssembly.Memory;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
  }

  #current(): DataView {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  u8 = (address: number): number => this.#current().getUint8(address);
  u16 = (address: number): number => this.#current().getUint16(address, true);
  u32 = (address: number): number => this.#current().getUint32(address, true);
  u64 = (address: number): bigint => this.#current().getBigUint64(address, true);
  setU32 = (address: number, value: number): void => this.#current().setUint32(address, value, true);
  setU64 = (address: number, value: bigint): void => this.#current().setBigUint64(address, value, true);
}

const wordBytes = 4;
const typeOffset = 4;
const classOffset = 6;
const linkOffset = 8;
/** Of an entry in the table of classes: its size, and where the function is that frees an object. */
const classBytes = 24;
const finalizerOffset = 8;
/** Classes whose numbers are looked at to know the table of them. */
const classesLookedAt = 30;
/** How far from the list's head, in the same record, the pointer to the table of classes may be. */
const recordBytes = 512;
const sample = 305_419_896;

/** Whether what is at `address` in the list of all that is collected is an object of that class. */
export function isObject(words: Words, address: number, classId: number): boolean {
  return (words.u8(address + typeOffset) & 0x0f) === 0 && words.u16(address + classOffset) === classId;
}

/**
 * Finds the layout by experiment: by what differs between promises in known states. Throws when this engine keeps
 * them otherwise: without it no script may run.
 */
export function findLayout(context: QuickJSContext, words: Words): Layout {
  const handles: QuickJSHandle[] = [];
  const make = (code: string): number => {
    const handle = context.unwrapResult(context.evalCode(code));
    handles.push(handle);
    return words.u32(handle.value);
  };
  const waiting = make('new Promise(() => {})');
  const fulfilled = make('Promise.resolve(1)');
  const unhandled = make(`Promise.reject(${sample})`);
  const handled = make(`(() => { const p = Promise.reject(${sample}); p.catch(() => {}); return p })()`);
  const promiseClass = words.u16(waiting + classOffset);
  const at = (object: number, offset: number): number => words.u32(object + offset);
  const data = offsetWhere(12, 64, (offset) => {
    const states = [waiting, fulfilled, unhandled].map((object) => words.u32(at(object, offset)));
    return states.join() === '0,1,2';
  });
  const ofData = (fits: (offset: number) => boolean): number => offsetWhere(wordBytes, 64, fits);
  const isHandled = ofData(
    (offset) => words.u32(at(unhandled, data) + offset) === 0 && words.u32(at(handled, data) + offset) === 1,
  );
  const reason = ofData((offset) => words.u64(at(unhandled, data) + offset) === BigInt(sample));
  // What was made last is the list's last.
  const last = context.newObject();
  handles.push(last);
  const heap = words.u32(words.u32(last.value) + linkOffset + wordBytes);
  const classes = words.u32(
    heap + offsetWhere(-recordBytes, recordBytes, (offset) => isClassTable(words, words.u32(heap + offset))),
  );
  for (const handle of handles) handle.dispose();
  context.runtime.executePendingJobs();
  const finalizer = classes + promiseClass * classBytes + finalizerOffset;
  return { promiseClass, data, isHandled, reason, link: linkOffset, heap, finalizer };
}

/** The table of classes is known by its entries, which begin with their own numbers. */
function isClassTable(words: Words, address: number): boolean {
  try {
    for (let id = 1; id <= classesLookedAt; id += 1) {
      if (words.u32(address + id * classBytes) !== id) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function offsetWhere(from: number, to: number, fits: (offset: number) => boolean): number {
  for (let offset = from; offset < to; offset += wordBytes) {
    try {
      if (fits(offset)) return offset;
    } catch {
      // What was taken for an address points out of the memory.
    }
  }
  throw new Error('this engine keeps its promises in another way');
}
