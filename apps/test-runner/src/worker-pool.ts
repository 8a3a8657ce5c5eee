import { BackendUnavailable } from './backend.ts';
import {
  type JobBounds,
  type JobEnd,
  startWorker,
  type WorkerEnd,
  type WorkerOptions,
  type WorkerProcess,
} from './worker-process.ts';

/** A worker is replaced after this many jobs, this much processor time, or a job that peaked above this much memory. */
const retireAfter = { jobs: 500, rssBytes: 209_715_200, cpuMs: 120_000 } as const;
/** Circuit breaker: after this many workers in a row that did not load, none is started until the next acquire. */
const maxBootFailures = 3;

export interface WorkerPool {
  /**
   * Runs one job in a worker that runs nothing else meanwhile; waits until one is idle. Rejects with BackendUnavailable when no
   * worker lives long enough to begin it.
   */
  run(header: unknown, body: Buffer, bounds: JobBounds, signal: AbortSignal): Promise<JobEnd>;
  /** Resolves when every worker has loaded; rejects with BackendUnavailable when they do not. */
  warm(): Promise<void>;
  /** The processes that are alive, for tests that count them. */
  pids(): number[];
  close(): Promise<void>;
}

interface Member {
  readonly worker: WorkerProcess;
  jobs: number;
  cpuMs: number;
}
type PendingAcquire = PromiseWithResolvers<Member>;

/** A pool of `size` pre-warmed workers; replaces each that was used up, overran or died. */
export function createWorkerPool(options: WorkerOptions & { readonly size: number }): WorkerPool {
  const members = new Set<Member>();
  const idle: Member[] = [];
  const pending: PendingAcquire[] = [];
  let bootFailures = 0;
  let closed = false;

  function add(): void {
    if (closed) return;
    const member: Member = { worker: startWorker(options), jobs: 0, cpuMs: 0 };
    members.add(member);
    member.worker.ready.then(
      () => {
        bootFailures = 0;
        offer(member);
      },
      () => {
        bootFailures += 1;
        if (bootFailures >= maxBootFailures) refusePending();
      },
    );
    void member.worker.exited.then(() => {
      members.delete(member);
      const at = idle.indexOf(member);
      if (at >= 0) idle.splice(at, 1);
      if (bootFailures < maxBootFailures) add();
    });
  }

  function offer(member: Member): void {
    if (!member.worker.isAlive()) return;
    const next = pending.shift();
    if (next === undefined) idle.push(member);
    else next.resolve(member);
  }

  function refusePending(): void {
    for (const { reject } of pending.splice(0)) reject(new BackendUnavailable('workers do not start'));
  }

  /** Workers that did not start are started again by the next acquire. */
  function refill(): void {
    if (bootFailures < maxBootFailures) return;
    bootFailures = 0;
    for (let missing = options.size - members.size; missing > 0; missing -= 1) add();
  }

  async function acquire(signal: AbortSignal): Promise<Member> {
    if (closed) throw new BackendUnavailable('the workers are closed');
    signal.throwIfAborted();
    refill();
    // The one that has been idle longest has had time to reset itself.
    const free = idle.shift();
    if (free !== undefined) return free;
    const own: PendingAcquire = Promise.withResolvers<Member>();
    pending.push(own);
    const abort = (): void => {
      const at = pending.indexOf(own);
      if (at >= 0) pending.splice(at, 1);
      own.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    return own.promise.finally(() => signal.removeEventListener('abort', abort));
  }

  function release(member: Member, end: WorkerEnd | null): void {
    member.jobs += 1;
    const finished = end?.kind === 'result' ? end : null;
    member.cpuMs += finished?.usage.cpuMs ?? 0;
    const peakBytes = finished?.usage.peakMemoryBytes ?? Number.POSITIVE_INFINITY;
    const worn = member.jobs >= retireAfter.jobs || member.cpuMs > retireAfter.cpuMs;
    if (worn || peakBytes > retireAfter.rssBytes) member.worker.kill();
    else offer(member);
  }

  async function runOnce(...job: Parameters<WorkerProcess['run']>): Promise<WorkerEnd> {
    const member = await acquire(job[3]);
    let end: WorkerEnd | null = null;
    try {
      end = await member.worker.run(...job);
      return end;
    } finally {
      release(member, end);
    }
  }

  for (let index = 0; index < options.size; index += 1) add();
  return {
    async run(header, body, bounds, signal) {
      // All idle workers may have been killed at once; one that was started since should live.
      for (let tries = 0; tries <= options.size; tries += 1) {
        const end = await runOnce(header, body, bounds, signal);
        if (end.kind !== 'unbegun') return end;
      }
      throw new BackendUnavailable('workers end before they begin');
    },
    async warm() {
      refill();
      await Promise.all([...members].map(({ worker }) => worker.ready));
    },
    pids: () => [...members].map(({ worker }) => worker.pid),
    async close() {
      closed = true;
      refusePending();
      const gone = [...members].map(({ worker }) => worker.exited);
      for (const { worker } of members) worker.kill();
      await Promise.all(gone);
    },
  };
}
