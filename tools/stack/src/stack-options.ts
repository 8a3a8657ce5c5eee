import type { Env } from './environment.ts';
import type { LogEntry } from './log-book.ts';
import type { DatabaseRole } from './prepare-database.ts';
import type { InstanceName, Ports, ReplicatedService } from './services.ts';
import type { PartEvent } from './supervise.ts';

export interface StackOptions {
  /** Where everything is kept: databases, queues, secrets. */
  readonly dataDir: string;
  /** `free` finds some; else the usual ones, but for those that are named. */
  readonly ports?: 'free' | Partial<Ports>;
  /** Over what `env` passes on and what the stack sets: for all three services. */
  readonly overrides?: Record<string, string>;
  /** The environment to pass on from (tunable variables and REDIS_URL only); process.env when absent. */
  readonly env?: Env;
  /** `false` runs without Redis even where there is one. */
  readonly redis?: boolean;
  /** How many apis and dispatchers; 1 when absent. Several need Redis, which has their limits. */
  readonly instances?: number;
  /** Fills an empty registry with the made-up market of a word before anything serves, or with a share (0 to 1) of its jobs. */
  readonly seed?: { readonly word: string; readonly share?: number } | undefined;
  /** Runs the services that `npm run build` made, with the limits of their images, instead of the sources. */
  readonly bundles?: boolean;
  /** `false` starts no test-runner: for a registry that judges nothing. Its warm-up is half of what a start costs. */
  readonly runner?: boolean;
  /** Whose limits the queues have; `local` when absent. */
  readonly queues?: 'local' | 'staging' | 'production';
  /** Told every line that a part writes, and (as service `stack`) what the stack does. */
  readonly log?: (entry: LogEntry) => void;
  /** Told when a part is ready, has ended or failed. */
  readonly onEvent?: (event: PartEvent) => void;
  /** Ends the start when aborted: `startStack` then rejects, with nothing left running. */
  readonly signal?: AbortSignal;
}

export interface Stack {
  readonly apiUrl: string;
  readonly dispatcherUrl: string;
  readonly runnerUrl: string;
  /** Where each instance serves, the first included. */
  readonly instanceUrls: Readonly<Record<ReplicatedService, readonly string[]>>;
  readonly emulator: { readonly grpc: string; readonly httpUrl: string };
  readonly redisUrl: string | null;
  readonly database: { url(role: DatabaseRole): string };
  /** For X-Operator-Key. */
  readonly operatorKey: string;
  readonly ports: Ports;
  /** The last lines that a part, or every part, has written. */
  logs(service?: string): readonly LogEntry[];
  pid(service: InstanceName): number | null;
  /** Sends a signal, SIGKILL unless another is named; the part is then started again. See `whenReady`. */
  kill(service: InstanceName, signal?: NodeJS.Signals): void;
  whenReady(service: InstanceName): Promise<void>;
  /** Ends a part and leaves it down until `startService`. */
  stopService(service: InstanceName): Promise<void>;
  startService(service: InstanceName): Promise<void>;
  restart(service: InstanceName): Promise<void>;
  /** Ends everything, in order. */
  stop(): Promise<void>;
}
