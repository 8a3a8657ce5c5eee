import type { Clock } from '@agent-registry/schemas';
import { LRUCache } from 'lru-cache';

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Exchanges in a row without an answer that open an endpoint's circuit. Default 5. */
  readonly failuresToOpen?: number;
  /** How long a circuit stays open before the first probe; doubled by each probe that fails. Default 15 s. */
  readonly openMs?: number;
  /** The longest a circuit stays open between two probes. Default 5 min. */
  readonly maxOpenMs?: number;
  /** Endpoints in trouble that are remembered; beyond it they are LRU-evicted. Default 10,000. */
  readonly maxEndpoints?: number;
}

/** How an exchange ended: the endpoint said something, or nothing (with words to repeat), or it was given up on our side. */
export type ExchangeOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'no-answer'; readonly memory: string }
  | { readonly kind: 'abandoned' };

/** What the endpoint did last, and when it is tried again. */
export interface OpenCircuit {
  readonly kind: 'open';
  readonly memory: string;
  readonly retryAt: Date;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** A circuit breaker for each endpoint: stops calling what does not answer, and probes it from time to time. It neither waits nor dials. */
export interface CircuitBreaker {
  readonly stateOf: (endpoint: string) => BreakerState;
  /** What is remembered of an endpoint that is not to be called now: its circuit is open, or a probe is under way. */
  readonly recall: (endpoint: string) => OpenCircuit | null;
  /** Begins an exchange, which is a probe when the circuit is not closed; `settle` says once how it ended. */
  readonly begin: (endpoint: string) => {
    readonly probe: boolean;
    readonly settle: (outcome: ExchangeOutcome) => void;
  };
  /** Endpoints remembered now. */
  readonly size: () => number;
}

interface Circuit {
  failures: number;
  memory: string;
  probing: boolean;
  /** Milliseconds since 1970; null while the circuit is closed. */
  openUntil: number | null;
  openMs: number;
}

export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, failuresToOpen = 5, openMs = 15_000, maxOpenMs = 300_000, maxEndpoints = 10_000 } = options;
  const circuits = new LRUCache<string, Circuit>({ max: maxEndpoints });
  const nowMs = (): number => clock.now().getTime();

  const fail = (endpoint: string, memory: string, probe: boolean): void => {
    const fresh = { failures: 0, memory, probing: false, openUntil: null, openMs };
    const circuit: Circuit = circuits.get(endpoint) ?? fresh;
    circuits.set(endpoint, circuit);
    circuit.failures += 1;
    circuit.memory = memory;
    // Exchanges that began before the circuit opened say nothing new; only a probe keeps it open for longer.
    if (circuit.openUntil !== null && !probe) return;
    if (circuit.failures < failuresToOpen) return;
    if (probe) circuit.openMs = Math.min(circuit.openMs * 2, maxOpenMs);
    circuit.openUntil = nowMs() + circuit.openMs;
  };
  const settle = (endpoint: string, outcome: ExchangeOutcome, probe: boolean): void => {
    const circuit = circuits.get(endpoint);
    if (probe && circuit !== undefined) circuit.probing = false;
    if (outcome.kind === 'answered') circuits.delete(endpoint);
    if (outcome.kind === 'no-answer') fail(endpoint, outcome.memory, probe);
  };
  return {
    stateOf(endpoint) {
      const { openUntil, probing } = circuits.get(endpoint) ?? { openUntil: null, probing: false };
      if (openUntil === null) return 'closed';
      return probing || nowMs() >= openUntil ? 'half-open' : 'open';
    },
    recall(endpoint) {
      const circuit = circuits.get(endpoint);
      if (circuit === undefined || circuit.openUntil === null) return null;
      if (!circuit.probing && nowMs() >= circuit.openUntil) return null;
      return {
        kind: 'open',
        memory: circuit.memory,
        retryAt: new Date(Math.max(circuit.openUntil, nowMs())),
      };
    },
    begin(endpoint) {
      const circuit = circuits.get(endpoint);
      const probe = circuit !== undefined && circuit.openUntil !== null;
      if (probe) circuit.probing = true;
      let isSettled = false;
      return {
        probe,
        settle: (outcome) => {
          if (!isSettled) settle(endpoint, outcome, probe);
          isSettled = true;
        },
      };
    },
    size: () => circuits.size,
  };
}
