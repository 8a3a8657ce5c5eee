import type { Socket } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import { type Dialler, type DialStage, type DialTarget, dial } from './dial.ts';
import { mendAnswerHead } from './mend-answer-head.ts';

export interface PoolLimits {
  /** Connections to one origin, busy and idle together. */
  connectionsPerHost: number;
  /** Origins whose idle connections are kept. */
  maxHosts: number;
  maxHeaderBytes: number;
}

/** The connections to one origin. */
export interface HostPool {
  readonly pool: Pool;
  /** How far the connection now being made has come; null when none is. For messages only. */
  stage: DialStage | null;
}

export interface Pools {
  /** The pool of an origin: to be asked for again for each exchange. */
  of(origin: string): HostPool;
  destroy(): Promise<void>;
}

const IDLE_TIMEOUT_MS = 4_000;
const MAX_IDLE_TIMEOUT_MS = 30_000;
/** A connection older than this is not used again, so that a moved name is noticed. */
const CONNECTION_LIFETIME_MS = 300_000;

/** Pools by origin, LRU-evicted: what is under way there ends, then the evicted pool's connections are closed. */
export function createPools(dialler: Dialler, limits: PoolLimits): Pools {
  const pools = new LRUCache<string, HostPool>({
    max: limits.maxHosts,
    disposeAfter: (host, _origin, reason) => {
      if (reason === 'evict') host.pool.close().catch(() => undefined);
    },
  });
  return {
    of(origin) {
      const found = pools.get(origin) ?? createHostPool(origin, dialler, limits);
      pools.set(origin, found);
      return found;
    },
    async destroy() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((host) => host.pool.destroy()));
    },
  };
}

function createHostPool(origin: string, dialler: Dialler, limits: PoolLimits): HostPool {
  const url = new URL(origin);
  const target = {
    protocol: url.protocol,
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
  };
  const host: HostPool = {
    stage: null,
    pool: new Pool(origin, {
      connections: limits.connectionsPerHost,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: limits.maxHeaderBytes,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      keepAliveMaxTimeout: MAX_IDLE_TIMEOUT_MS,
      clientTtl: CONNECTION_LIFETIME_MS,
      // The exchange has one deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => {
        void connectOnce(dialler, target, host, limits.maxHeaderBytes, callback);
      },
    }),
  };
  return host;
}

async function connectOnce(
  dialler: Dialler,
  target: DialTarget,
  host: HostPool,
  maxHeadBytes: number,
  callback: (...args: [null, Socket] | [Error, null]) => void,
): Promise<void> {
  let made: [null, Socket] | [Error, null];
  try {
    const socket = await dial(dialler, target, (stage) => {
      host.stage = stage;
    });
    made = [null, mendAnswerHead(socket, maxHeadBytes)];
  } catch (error) {
    made = [error instanceof Error ? error : new Error('connection failed'), null];
  }
  host.stage = null;
  callback(...made);
}
