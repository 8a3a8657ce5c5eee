import { availableParallelism } from 'node:os';
import { type CriteriaChecker, createCriteriaChecker } from '@agent-registry/criteria';
import type { IsolationReport, RunnerIdentity } from '@agent-registry/schemas';
import { type Logger, noTelemetry, type Telemetry } from '@agent-registry/service-kit';
import type { ScriptBackend } from './backend.ts';
import { programPaths } from './bundle-paths.ts';
import { createJavascriptBackend } from './javascript-backend.ts';
import { fixedLimits, type RunnerLimits, runnerLimits, type VerificationConfig } from './limits.ts';
import { createRunQueue, type RunQueue } from './run-queue.ts';
import { identifyRunner } from './runner-identity.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

const mb = 1_048_576;
const javascriptHeapMb = 128;

/** Resolves for a caller whose identity token is accepted; throws RegistryError otherwise. */
export type VerifyToken = (authorization: string | undefined) => Promise<unknown>;

export interface RunnerContext {
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly limits: RunnerLimits;
  readonly verifyToken: VerifyToken;
  readonly queue: RunQueue;
  /** Checks criteria in threads of their own. */
  readonly criteria: CriteriaChecker;
  /** Where declarative checks run. */
  readonly checks: WorkerPool;
  /** Where scripts run: `javascript` first, then what the machine's isolation allows. */
  readonly backends: readonly ScriptBackend[];
  /** What each self-test found, of backends that are not available too. */
  readonly isolation: readonly IsolationReport[];
  /** Version and digest of this runner, named in every verdict. */
  readonly runner: RunnerIdentity;
  /** Processes that are alive, for tests that count them. */
  readonly workerPids: () => number[];
  /** Aborted when the service is told to stop: what runs is answered 503. */
  readonly stopping: AbortSignal;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

export interface RunnerDeps {
  readonly log: Logger;
  readonly telemetry?: Telemetry;
  readonly verification: VerificationConfig;
  readonly verifyToken: VerifyToken;
  /** What the self-test of hard isolation found; absent, only `javascript` is offered. Closed with the context. */
  readonly sandbox?: { readonly backend: ScriptBackend | null; readonly report: IsolationReport };
  readonly cores?: number;
}

/** Starts the workers and waits until they have loaded. Throws BackendUnavailable when they do not. */
export async function createContext(deps: RunnerDeps): Promise<RunnerContext> {
  const limits = runnerLimits(deps.verification, deps.cores ?? availableParallelism());
  const paths = programPaths();
  const maxMemoryBytes = limits.memoryLimitMb * mb;
  // One more than there are slots, so that a worker that is being replaced is not waited for.
  const size = limits.slots + 1;
  const scripts = createWorkerPool({
    kind: 'javascript',
    paths,
    heapMb: javascriptHeapMb,
    maxMemoryBytes,
    size,
  });
  const checks = createWorkerPool({
    kind: 'checks',
    paths,
    heapMb: limits.memoryLimitMb,
    maxMemoryBytes,
    size,
  });
  const javascript = createJavascriptBackend(scripts, paths);
  const hard = deps.sandbox?.backend ?? null;
  const backends = hard === null ? [javascript] : [javascript, hard];
  const isolation = [javascript.isolation, ...(deps.sandbox === undefined ? [] : [deps.sandbox.report])];
  const criteria = createCriteriaChecker();
  const stopping = new AbortController();
  const context: RunnerContext = {
    log: deps.log,
    telemetry: deps.telemetry ?? noTelemetry,
    limits,
    verifyToken: deps.verifyToken,
    queue: createRunQueue({ ...limits, retryAfterSeconds: fixedLimits.retryAfterSeconds }),
    criteria,
    checks,
    backends,
    isolation,
    runner: identifyRunner(
      paths.verdictSources,
      backends.flatMap(({ runtimes }) => runtimes),
    ),
    workerPids: () => [...scripts.pids(), ...checks.pids()],
    stopping: stopping.signal,
    stop: () => stopping.abort(new Error('the test-runner is stopping')),
    close: async () => {
      stopping.abort(new Error('the test-runner is stopping'));
      await Promise.all([criteria.close(), checks.close(), ...backends.map((backend) => backend.close())]);
    },
  };
  try {
    // A thread for criteria takes a second to load: the first runs do not wait for it.
    const criteriaThreads = Array.from({ length: limits.slots }, () =>
      criteria.check(null, { offeredRuntimes: [] }),
    );
    await Promise.all([scripts.warm(), checks.warm(), ...criteriaThreads]);
    return context;
  } catch (error) {
    await context.close();
    throw error;
  }
}
