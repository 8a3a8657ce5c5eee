import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import {
  DefaultIntrinsics,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { meterExports } from './meter-engine.ts';
import { watchPromises } from './promise-watch.ts';

// The package's types are those of its CommonJS form, where the variant is one level further in.
const variant = releaseSync as unknown as QuickJSSyncVariant;
/** Practically unbounded: for the engine's own set-up, before a script's steps are counted. */
const manySteps = 2n ** 62n;
const pageBytes = 65_536;
const initialBytes = 16_777_216;
/** QuickJS's own limit on its stack; V8's stack, which WebAssembly runs on, is larger by a margin. */
const stackBytes = 262_144;

/** Why a machine was stopped from outside its script. */
export type Stop =
  | { readonly reason: 'cpu' | 'memory' | 'output' | 'rejection' }
  | { readonly reason: 'exit'; readonly code: number };

/** Thrown through the machine's frames: no handler of the script can see it. */
export class MachineStopped extends Error {
  override readonly name = 'MachineStopped';
  readonly stop: Stop;
  constructor(stop: Stop) {
    super(stop.reason);
    this.stop = stop;
  }
}

export type Machine = Awaited<ReturnType<typeof createMachine>>;

/**
 * A fresh QuickJS in a WebAssembly instance and memory of its own: nothing that one script did to its engine
 * is there for the next. Once `stop` is set, the next return into the machine throws instead.
 *
 * @param engine the compiled WebAssembly module, metered
 * @param maxMemoryBytes the most that any script may be given; `limit` may lower it
 */
export async function createMachine(engine: WebAssembly.Module, maxMemoryBytes: number) {
  const state: { stop: Stop | null; memoryBytes: number } = { stop: null, memoryBytes: maxMemoryBytes };
  const memory = new WebAssembly.Memory({
    initial: initialBytes / pageBytes,
    maximum: Math.max(initialBytes, Math.floor(maxMemoryBytes)) / pageBytes,
  });
  limitGrowth(memory, state);
  let exports: Record<string, unknown> = {};
  const instantiateWasm = (
    imports: WebAssembly.Imports,
    receive: (made: WebAssembly.Instance) => void,
  ): object => {
    const instance = new WebAssembly.Instance(engine, stoppable(imports, state));
    exports = instance.exports;
    receive(instance);
    return {};
  };
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmMemory: memory, emscriptenModule: { instantiateWasm } as object }),
  );
  const steps = exports[meterExports.steps] as WebAssembly.Global;
  steps.value = manySteps;
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(stackBytes);
  const context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, BigInt: true, Date: false } });
  const promises = watchPromises(context, memory, exports[meterExports.table] as WebAssembly.Table);
  return { state, steps, runtime, context, promises, memoryBytes: (): number => memory.buffer.byteLength };
}

/** Growth beyond the limit fails, and stops the machine instead of letting the script catch it. */
function limitGrowth(memory: WebAssembly.Memory, state: { stop: Stop | null; memoryBytes: number }): void {
  const grow = memory.grow.bind(memory);
  let refused: Stop | null = null;
  memory.grow = (pages: number): number => {
    try {
      if (memory.buffer.byteLength + pages * pageBytes > state.memoryBytes)
        throw new RangeError('over the limit');
      const before = grow(pages);
      // The engine asks for more than it needs first, and for less when that was refused.
      if (state.stop === refused) state.stop = null;
      refused = null;
      return before;
    } catch (error) {
      refused ??= { reason: 'memory' };
      state.stop ??= refused;
      throw error;
    }
  };
}

/** Every way back into the machine first looks whether it has been stopped. */
function stoppable(imports: WebAssembly.Imports, state: { readonly stop: Stop | null }): WebAssembly.Imports {
  const wrap =
    (original: (...given: unknown[]) => unknown) =>
    (...given: unknown[]): unknown => {
      const answer = original(...given);
      if (state.stop !== null) throw new MachineStopped(state.stop);
      return answer;
    };
  return Object.fromEntries(
    Object.entries(imports).map(([module, names]) => [
      module,
      Object.fromEntries(
        Object.entries(names).map(([name, value]) => [
          name,
          typeof value === 'function' ? wrap(value as (...given: unknown[]) => unknown) : value,
        ]),
      ),
    ]),
  );
}
