import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { storableText } from '@agent-registry/schemas';
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

// The package's types are those of its CommonJS form, where the variant is one level further in.
const variant = releaseSync as unknown as QuickJSSyncVariant;
/** Of WebAssembly, whose types come with the DOM's. */
const { WebAssembly: wasm } = globalThis as unknown as {
  readonly WebAssembly: {
    compile(bytes: Uint8Array): Promise<unknown>;
    Memory: new (size: { initial: number; maximum: number }) => Memory;
  };
};
interface Memory {
  readonly buffer: ArrayBuffer;
}
const PAGE_BYTES = 65_536;
/** What the engine begins with, and the most that it says it may ask for. */
const INITIAL_BYTES = 16_777_216;
const MOST_BYTES = 2_147_483_648;
/** As the test-runner has it: what is nested too deeply there is so here. */
const STACK_BYTES = 262_144;
const MEMORY_BYTES = 67_108_864;
const MESSAGE_CHARS = 200;

/** Says why a script does not compile; null where it does, or where that cannot be told. */
export type CompileJavascript = (source: string) => string | null;

/**
 * Prepares the engine that runs scripts to compile, and never run, the scripts of one suite: what another engine
 * accepts, this one may not know. Nothing that one suite did to its engine is there for the next. One suite at a time in a
 * thread: a compiler is of no more use once there is another.
 */
export async function createJavascriptCompiler(): Promise<CompileJavascript> {
  engine ??= wasm.compile(engineBytes());
  const parts = { wasmModule: engine, wasmMemory: cleanMemory() };
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, parts as object));
  return (source) => {
    try {
      return compile(quickjs, source);
    } catch {
      // The engine ran out of its stack, or of ours, which is larger than where scripts run.
      return 'does not parse: it is nested too deeply';
    }
  };
}

function compile(quickjs: QuickJSWASMModule, source: string): string | null {
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setMemoryLimit(MEMORY_BYTES);
  const context = runtime.newContext();
  // As a script runs: within an async function, so that it may await.
  const compiled = context.evalCode(`(async()=>{${source}\n})()`, 'script.js', { compileOnly: true });
  const error = compiled.error === undefined ? null : (context.dump(compiled.error) as Error);
  compiled.dispose();
  context.dispose();
  runtime.dispose();
  return error?.name === 'SyntaxError'
    ? `does not parse: ${storableText(error.message, MESSAGE_CHARS)}`
    : null;
}

/** One suite's after another's, since each new one would have V8 collect all garbage. */
let memory: Memory | null = null;

/** All zeros, as an engine expects it: nothing of the suite before is left. */
function cleanMemory(): Memory {
  if (memory?.buffer.byteLength === INITIAL_BYTES) new Uint8Array(memory.buffer).fill(0);
  else memory = new wasm.Memory({ initial: INITIAL_BYTES / PAGE_BYTES, maximum: MOST_BYTES / PAGE_BYTES });
  return memory;
}

/** Compiled once a thread; each suite has an instance of its own. */
let engine: Promise<unknown> | null = null;

/** From source, the engine is among the installed packages; a bundle has it beside `main.js`. */
function engineBytes(): Uint8Array<ArrayBuffer> {
  const here = import.meta.url;
  const path = here.endsWith('.ts')
    ? createRequire(here).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
    : new URL('./quickjs.wasm', here);
  return new Uint8Array(readFileSync(path));
}
