import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { findLayout, isObject, type Layout, Words } from './engine-layout.ts';

/** What a script's promises tell when its jobs are done. */
export interface PromiseWatch {
  /** The first rejection that nobody handled: its reason, `lost` where that could not be kept, or null. */
  unhandled(): QuickJSHandle | 'lost' | null;
  /** Whether a promise never settled, whether it still exists or has been freed. */
  leftPending(): boolean;
}

const pending = 0;
const rejected = 2;

/** A module that takes a function of the host in, and gives it out as one that a table can hold: (i32, i64) → (). */
const trampoline = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[0x01, 0x06, 0x01, 0x60, 0x02, 0x7f, 0x7e, 0x00],
  ...[0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00],
  ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
]);

/** Every promise in the engine passes one of two places: it is freed, or still in the heap at the end. */
export function watchPromises(
  context: QuickJSContext,
  memory: WebAssembly.Memory,
  table: WebAssembly.Table,
): PromiseWatch {
  const words = new Words(memory);
  const layout = findLayout(context, words);
  const seen: { pending: boolean; lost: bigint | 'lost' | null } = { pending: false, lost: null };
  const original = table.get(words.u32(layout.finalizer)) as (runtime: number, value: bigint) => void;
  const finalize = (runtime: number, value: bigint): void => {
    const promise = addressOf(value);
    const state = stateOf(words, layout, promise);
    if (state === pending) seen.pending = true;
    else if (state === 'unhandled') seen.lost ??= keepReason(words, layout, promise);
    original(runtime, value);
  };
  const made = new WebAssembly.Instance(new WebAssembly.Module(trampoline), { h: { f: finalize } });
  const index = table.grow(1);
  table.set(index, made.exports.f);
  words.setU32(layout.finalizer, index);
  return {
    unhandled() {
      const first = seen.lost ?? firstAlive(words, layout, 'unhandled');
      return typeof first === 'bigint' ? toHandle(context, words, first) : first;
    },
    leftPending: () => seen.pending || firstAlive(words, layout, pending) !== null,
  };
}

/** A promise whose data is not there yet, or not any more, counts as settled. */
function stateOf(words: Words, layout: Layout, promise: number): typeof pending | 'unhandled' | 'settled' {
  const data = words.u32(promise + layout.data);
  if (data === 0) return 'settled';
  const state = words.u32(data);
  if (state === pending) return pending;
  return state === rejected && words.u32(data + layout.isHandled) === 0 ? 'unhandled' : 'settled';
}

/** The reason of the first promise in the heap that is in that state, in the order in which they were made. */
function firstAlive(words: Words, layout: Layout, wanted: typeof pending | 'unhandled'): bigint | null {
  for (let link = words.u32(layout.heap); link !== layout.heap; link = words.u32(link)) {
    const object = link - layout.link;
    if (!isObject(words, object, layout.promiseClass) || stateOf(words, layout, object) !== wanted) continue;
    return words.u64(words.u32(object + layout.data) + layout.reason);
  }
  return null;
}

/** Tags of values that count their users, of which objects are the last. */
const firstCounted = -9;
const objectTag = -1;
const typeOffset = 4;
const markedByCollector = 0x10;

/** Counts one more user of the reason, so that it outlives its promise. What the collector is freeing is left. */
function keepReason(words: Words, layout: Layout, promise: number): bigint | 'lost' {
  const reason = words.u64(words.u32(promise + layout.data) + layout.reason);
  const isFreed =
    tagOf(reason) === objectTag && (words.u8(addressOf(reason) + typeOffset) & markedByCollector) !== 0;
  if (isFreed) return 'lost';
  addUser(words, reason);
  return reason;
}

function addUser(words: Words, value: bigint): void {
  const tag = tagOf(value);
  if (tag < 0 && tag >= firstCounted) words.setU32(addressOf(value), words.u32(addressOf(value)) + 1);
}

const tagOf = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n));
const addressOf = (value: bigint): number => Number(BigInt.asUintN(32, value));

/** A handle is the address of a value: one of a number is made to hold another value. */
function toHandle(context: QuickJSContext, words: Words, value: bigint): QuickJSHandle {
  addUser(words, value);
  const handle = context.newNumber(0);
  words.setU64(handle.value, value);
  return handle;
}
