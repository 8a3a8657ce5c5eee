import { readFileSync } from 'node:fs';
import type { Frame } from './frames.ts';
import { createMachine } from './javascript-machine.ts';
import { meterEngine } from './meter-engine.ts';
import type { JavascriptJob, JavascriptResult } from './protocol.ts';
import { createWorld, runJavascript, type World } from './run-javascript.ts';

/**
 * Gets ready to run scripts. The next engine is pre-warmed between jobs, and each is used once.
 *
 * @param enginePath the WebAssembly file
 * @param maxMemoryBytes the most that any script may be given
 */
export async function createScripts(enginePath: string, maxMemoryBytes: number) {
  const engine = new WebAssembly.Module(meterEngine(readFileSync(enginePath)));
  const make = async (): Promise<World> => createWorld(await createMachine(engine, maxMemoryBytes));
  // One throw-away script, so that the first real one finds the engine compiled.
  const sample: JavascriptJob = {
    scriptBytes: 0,
    steps: 1_000_000_000,
    memoryBytes: maxMemoryBytes,
    outputBytes: 1_000,
    keptOutputBytes: 1_000,
  };
  runJavascript(await make(), sample, 'console.log(JSON.stringify(deliverable))', '{"a":[1]}');
  let next = await make();
  return {
    run({ header, body }: Frame): JavascriptResult {
      const job = header as JavascriptJob;
      const script = body.toString('utf8', 0, job.scriptBytes);
      return runJavascript(next, job, script, body.toString('utf8', job.scriptBytes));
    },
    /** Replaces the world that was used; to be awaited before the next run. */
    async renew(): Promise<void> {
      next = await make();
    },
  };
}
