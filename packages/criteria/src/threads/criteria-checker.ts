import { Worker } from 'node:worker_threads';
import { RegistryError } from '@agent-registry/schemas';
import { criteriaBounds, jsonWithinBounds } from '../bounds.ts';
import type { CheckOptions, CriteriaCheck } from '../check-criteria.ts';
import { type CheckRequest, READY } from './protocol.ts';

/** Megabytes. What the bounds let through needs a small part of it. */
const DEFAULT_HEAP_MB = 128;
/** As much as a worker of the test-runner has, so that a script that compiles here compiles there. */
const STACK_MB = 16;
const DEFAULT_THREADS = 2;
const DEFAULT_TIMEOUT_MS = 10_000;
/** How long a thread may take to load. */
const BOOT_MS = 20_000;
/** Checks that wait for a thread: what two threads check in a few seconds. */
const MAX_WAITING = 256;
const RETRY_AFTER_SECONDS = 5;

export interface CriteriaCheckerOptions {
  readonly threads?: number;
  /** How long one check may take. */
  readonly timeoutMs?: number;
  readonly heapMb?: number;
}

/** Checks criteria in threads of their own. */
export interface CriteriaChecker {
  /**
   * As `checkCriteria`, without holding up the event loop.
   *
   * @throws RegistryError unavailable when a thread runs out of time or memory, or too many checks wait
   */
  check(value: unknown, options: CheckOptions): Promise<CriteriaCheck>;
  close(): Promise<void>;
}

interface Thread {
  readonly run: (request: CheckRequest) => Promise<CriteriaCheck>;
  readonly isAlive: () => boolean;
  readonly stop: () => Promise<unknown>;
}

/** Threads start when they are first needed, are replaced when they end, and keep no process alive. */
export function createCriteriaChecker(options: CriteriaCheckerOptions = {}): CriteriaChecker {
  const {
    threads: most = DEFAULT_THREADS,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    heapMb = DEFAULT_HEAP_MB,
  } = options;
  const idle: Thread[] = [];
  const busy = new Set<Thread>();
  const waiting: (() => void)[] = [];
  let isClosed = false;

  async function take(): Promise<Thread> {
    if (busy.size >= most) {
      if (waiting.length >= MAX_WAITING) throw unavailable('too many criteria wait to be checked');
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    if (isClosed) throw unavailable('the service is stopping');
    const thread = idle.pop() ?? startThread(timeoutMs, heapMb);
    busy.add(thread);
    return thread;
  }

  function release(thread: Thread): void {
    busy.delete(thread);
    if (thread.isAlive()) idle.push(thread);
    waiting.shift()?.();
  }

  return {
    async check(value, checkOptions) {
      const { hiddenCases } = checkOptions;
      const tooLarge = wrongSize(value) ?? wrongSize(hiddenCases);
      if (tooLarge !== null) {
        const ofHiddenCases = wrongSize(value) === null;
        return {
          ok: false,
          errors: [{ path: '', message: tooLarge, ...(ofHiddenCases ? { ofHiddenCases } : {}) }],
        };
      }
      const thread = await take();
      try {
        return await thread.run({ value, options: checkOptions });
      } finally {
        release(thread);
      }
    },
    async close() {
      isClosed = true;
      for (const resolve of waiting.splice(0)) resolve();
      await Promise.all([...idle.splice(0), ...busy].map((thread) => thread.stop()));
    },
  };
}

/** Looked at before a value is copied for a thread, which recurses. */
function wrongSize(value: unknown): string | null {
  const { depth, values } = criteriaBounds;
  const isWithin = jsonWithinBounds(value, depth, values);
  return isWithin ? null : `is deeper than ${depth} levels or larger than ${values} values`;
}

function unavailable(detail: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

/** From source, node strips the types of the thread's program; a bundle has it beside `main.js`. */
function startWorker(heapMb: number): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './criteria-thread.ts' : './criteria-thread.js', import.meta.url);
  const execArgv = isSource ? ['--disable-warning=ExperimentalWarning'] : [];
  const resourceLimits = { maxOldGenerationSizeMb: heapMb, stackSizeMb: STACK_MB };
  return new Worker(program, { execArgv, env: {}, resourceLimits });
}

function startThread(timeoutMs: number, heapMb: number): Thread {
  const worker = startWorker(heapMb);
  worker.unref();
  let isAlive = true;
  let answer: PromiseWithResolvers<CriteriaCheck> | null = null;
  const ready = Promise.withResolvers<void>();
  // Nobody may be waiting for it when the thread ends.
  ready.promise.catch(() => undefined);
  const fail = (detail: string, cause?: unknown): void => {
    isAlive = false;
    const error = unavailable(detail, cause);
    ready.reject(error);
    answer?.reject(error);
    void worker.terminate();
  };
  worker.on('message', (message: CriteriaCheck | typeof READY) => {
    if (message === READY) ready.resolve();
    else answer?.resolve(message);
  });
  // Out of memory is an error event too.
  worker.on('error', (error) => fail('the criteria could not be checked', error));
  worker.on('exit', () => fail('the criteria could not be checked'));
  const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => fail('the criteria took too long to check'), ms);
    return promise.finally(() => clearTimeout(timer));
  };
  return {
    isAlive: () => isAlive,
    stop: () => worker.terminate(),
    async run(request) {
      worker.ref();
      try {
        await within(BOOT_MS, ready.promise);
        answer = Promise.withResolvers<CriteriaCheck>();
        worker.postMessage(request);
        return await within(timeoutMs, answer.promise);
      } finally {
        worker.unref();
        answer = null;
      }
    },
  };
}
