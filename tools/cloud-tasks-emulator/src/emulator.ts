// Puts the parts together: state from disk, the two ports, the queues that were asked for.
import { type EmulatorClock, systemClock } from './clock.ts';
import { lockDataDir } from './data-lock.ts';
import { createDispatcher } from './dispatch.ts';
import { createEngine, type Engine } from './engine.ts';
import { type GrpcService, startGrpcService } from './grpc-service.ts';
import { type HttpService, startHttpService, urlHost } from './http-service.ts';
import { memoryJournal, openJournal } from './journal.ts';
import { type Log, silentLog } from './log.ts';
import { queueName } from './names.ts';
import { configFromSettings, type EmulatorQueueSettings } from './queue-config.ts';
import { putQueue } from './queue-operations.ts';
import type { QueueReport } from './queue-report.ts';
import { createTokenIssuer, EMULATOR_SERVICE_ACCOUNT } from './token-issuer.ts';

export interface EmulatorOptions {
  /** Address to bind; 127.0.0.1 unless said otherwise. */
  readonly host?: string;
  /** Port of the gRPC API; 0 takes a free one. */
  readonly port?: number;
  /** Port of keys, state and tokens; 0 takes a free one. */
  readonly httpPort?: number;
  /** Where the queues and the token key are kept; null keeps them in memory alone. */
  readonly dataDir: string | null;
  /** Where `queues` are made; calls may name any other project and location. */
  readonly project: string;
  readonly location: string;
  /** Queues to have from the start, by id. One that exists gets these settings and keeps its tasks and its pause. */
  readonly queues?: Readonly<Record<string, EmulatorQueueSettings>>;
  /** Send tasks to other machines too. */
  readonly allowAnyTarget?: boolean;
  /** Slow queues whose targets fail, as Cloud Tasks does; on unless false. */
  readonly systemThrottling?: boolean;
  /** Journal size below which it is never compacted, in bytes. */
  readonly compactMinBytes?: number;
  readonly clock?: EmulatorClock;
  readonly log?: Log;
}

export interface EmulatorState {
  readonly issuer: string;
  /** Length of the journal on disk. */
  readonly journalBytes: number;
  readonly queues: readonly QueueReport[];
}

export interface Emulator {
  /** Port of the gRPC API. */
  readonly port: number;
  /** Base URL of the second port, without a slash at its end. */
  readonly httpUrl: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  /** An identity token as a task of that account would carry; `email` defaults to EMULATOR_SERVICE_ACCOUNT. */
  readonly mintToken: (claims: { audience: string; email?: string }) => Promise<string>;
  /** Resolves when no attempt is under way and no running queue has a task that is due; later ones don't count. */
  readonly idle: () => Promise<void>;
  readonly state: () => EmulatorState;
  /** Stops. Attempts under way get `graceMs` (0 unless given) to end; those cut off are sent again after a restart. */
  readonly stop: (options?: { graceMs?: number }) => Promise<void>;
}

const explainPort = (error: unknown, port: number, option: string): Error => {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes('EADDRINUSE')) return new Error(`Port ${port} is in use; choose another with ${option}`);
  return new Error(`Port ${port} cannot be bound: ${text}`);
};

type Undo = () => void | Promise<void>;

const unwind = async (undo: Undo[]): Promise<void> => {
  for (const step of undo.splice(0).reverse()) await step();
};

const openState = async (options: EmulatorOptions, clock: EmulatorClock, undo: Undo[]) => {
  if (options.dataDir === null) return memoryJournal();
  undo.push(await lockDataDir(options.dataDir));
  const opened = openJournal(options.dataDir, clock.now().getTime(), options.compactMinBytes);
  undo.push(opened.journal.close);
  return opened;
};

const startServices = async (
  options: EmulatorOptions,
  engine: Engine,
  http: Omit<Parameters<typeof startHttpService>[0], 'log'>,
  undo: Undo[],
): Promise<{ grpcService: GrpcService; httpService: HttpService }> => {
  const { host = '127.0.0.1', port = 0, httpPort = 0 } = options;
  const httpService = await startHttpService({ log: engine.log, ...http }, host, httpPort).catch(
    (error: unknown) => {
      throw explainPort(error, httpPort, '--http-port');
    },
  );
  undo.push(httpService.stop);
  const grpcService = await startGrpcService(engine, host, port).catch((error: unknown) => {
    throw explainPort(error, port, '--port');
  });
  undo.push(grpcService.stop);
  return { grpcService, httpService };
};

/** Starts an emulator in this process. Rejects, having left nothing behind, when a port or the directory is taken. */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const { clock = systemClock, log = silentLog, allowAnyTarget = false, systemThrottling = true } = options;
  const undo: Undo[] = [];
  try {
    const { journal, store } = await openState(options, clock, undo);
    const tokens = await createTokenIssuer(clock, options.dataDir);
    let issuer = '';
    const mintToken = (claims: { audience: string; email?: string }) =>
      tokens.mint(issuer, { email: EMULATOR_SERVICE_ACCOUNT, ...claims });
    const dispatcher = createDispatcher(clock, allowAnyTarget);
    undo.push(dispatcher.close);
    const engine = createEngine({
      clock,
      log,
      dispatcher,
      journal,
      store,
      systemThrottling,
      allowAnyTarget,
      mintToken,
    });
    const state = (): EmulatorState => ({
      issuer,
      journalBytes: journal.bytes,
      queues: [...engine.runners.values()].map((runner) => runner.report()),
    });
    const http = {
      jwks: tokens.jwks,
      defaultEmail: EMULATOR_SERVICE_ACCOUNT,
      issuer: () => issuer,
      mintToken,
      state,
    };
    const { grpcService, httpService } = await startServices(options, engine, http, undo);
    issuer = `http://${urlHost(options.host ?? '127.0.0.1')}:${httpService.port}`;
    // Tasks left from the last run go out only now, when their tokens can be verified.
    for (const name of store.queues.keys()) engine.startRunner(name);
    for (const [id, settings] of Object.entries(options.queues ?? {})) {
      putQueue(engine, queueName(options.project, options.location, id), configFromSettings(settings));
    }
    let stopping: Promise<void> | undefined;
    return {
      port: grpcService.port,
      httpUrl: issuer,
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      mintToken,
      idle: engine.idle,
      state,
      stop: ({ graceMs = 0 } = {}) => {
        stopping ??= engine.stop(graceMs).then(() => unwind(undo));
        return stopping;
      },
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
};
