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
  readonly WebAssembly: { compile(bytes: Uint8Array): Promise<unknown> };
};
/** As the test-runner has it: what is nested too deeply there is so here. */
const STACK_BYTES = 262_144;
const MEMORY_BYTES = 67_108_864;
const MESSAGE_CHARS = 200;

/** Says why a script does not compile; null where it does, or where that cannot be told. */
export type CompileJavascript = (source: string) => string | null;

/**
 * Prepares the engine that runs scripts to compile, and never run, the scripts of one suite: what another engine
 * accepts, this one may not know. Nothing that one suite did to its engine is there for the next.
 */
export async function createJavascriptCompiler(): Promise<CompileJavascript> {
  engine ??= wasm.compile(engineBytes());
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: engine as never }));
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
