import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the worker's program and the QuickJS engine are, and what a worker must be able to read. */
export interface ProgramPaths {
  readonly worker: string;
  /** The programs of the threads that run sandboxes and watch workers. */
  readonly supervisor: string;
  readonly memoryWatcher: string;
  readonly engine: string;
  /** Arguments that node needs to run the worker's program. */
  readonly nodeArguments: readonly string[];
  readonly readable: readonly string[];
  /** What verdicts depend on: the runner's code, and the lock file with the versions of its libraries. */
  readonly verdictSources: readonly string[];
}

/**
 * From source, node runs worker.ts and finds the engine among the installed packages. A bundle ships
 * the programs and `quickjs.wasm` beside `main.js`.
 */
export function programPaths(): ProgramPaths {
  const here = import.meta.url;
  const at = (relative: string): string => fileURLToPath(new URL(relative, here));
  if (!here.endsWith('.ts')) {
    const readable = [dirname(fileURLToPath(here))];
    return {
      worker: at('./worker.js'),
      supervisor: at('./supervisor.js'),
      memoryWatcher: at('./memory-watcher.js'),
      engine: at('./quickjs.wasm'),
      nodeArguments: [],
      readable,
      verdictSources: readable,
    };
  }
  return {
    worker: at('./worker.ts'),
    supervisor: at('./supervisor.ts'),
    memoryWatcher: at('./memory-watcher.ts'),
    engine: createRequire(here).resolve('@jitl/quickjs-wasmfile-release-sync/wasm'),
    nodeArguments: ['--disable-warning=ExperimentalWarning'],
    readable: [
      at('../../../node_modules'),
      at('../../../packages'),
      at('../../../apps'),
      at('../../../package.json'),
    ],
    verdictSources: [
      at('.'),
      ...['criteria', 'schemas', 'signing'].map((name) => at(`../../../packages/${name}/src`)),
      at('../../../package-lock.json'),
    ],
  };
}
