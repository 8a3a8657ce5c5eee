/** The services that become images. */
export const APPS = ['api', 'dispatcher', 'test-runner'] as const;
export type App = (typeof APPS)[number];

/** What a bundle is made of, relative to the app's folder. */
export interface Recipe {
  /** Each becomes a program of its own beside the others: `src/main.ts` becomes `main.js`. */
  readonly entries: readonly string[];
  /** Files that a program reads beside itself: the name there, and the package and file that it comes from. */
  readonly assets: Readonly<Record<string, string>>;
}

/** The program of the threads that check criteria, which looks for itself beside `main.js`. */
const criteriaThread = '../../packages/criteria/src/threads/criteria-thread.ts';

/** The engine of `javascript`, which compiles scripts at the proposal and runs them in the runner. */
const engine = { 'quickjs.wasm': '@jitl/quickjs-wasmfile-release-sync/wasm' };

export const RECIPES: Readonly<Record<App, Recipe>> = {
  api: { entries: ['src/main.ts', 'src/migrate.ts', criteriaThread], assets: engine },
  dispatcher: { entries: ['src/main.ts', 'src/reseal-secrets.ts'], assets: {} },
  // Workers are processes of their own, two are threads: bundle-paths.ts looks for them and the engine beside main.js.
  'test-runner': {
    entries: ['src/main.ts', 'src/worker.ts', 'src/supervisor.ts', 'src/memory-watcher.ts', criteriaThread],
    assets: engine,
  },
};
