import type { Clock } from '@agent-registry/schemas';

export interface TargetGateOptions {
  /** Exchanges with one target at once. */
  perTarget: number;
  /** Exchanges at once in all. */
  total: number;
  clock: Clock;
  /** Exchanges in a row without an answer that open a target's breaker. Default 5. */
  failuresToOpen?: number;
  /** How long a breaker stays open before the first probe; doubled by each probe that fails. Default 15 s. */
  openMs?: number;
  /** The longest a breaker stays open between two probes. Default 5 min. */
  maxOpenMs?: number;
  /** Targets remembered; beyond it the least recently used idle one is forgotten. Default 10,000. */
  maxTargets?: number;
}

/** How an exchange ended: the server said something, or nothing (with words to repeat), or it was given up on our side. */
export type GateOutcome =
  | { kind: 'answered' }
  | { kind: 'no-answer'; memory: string }
  | { kind: 'abandoned' };

export type GateDecision =
  /** Go on, and say once how it ended. `probe`: this exchange decides about an open breaker. */
  | { kind: 'admitted'; probe: boolean; leave: (outcome: GateOutcome) => void }
  /** The breaker is open: this is what the target did last, and when it is tried again. */
  | { kind: 'open'; memory: string; retryAt: Date }
  /** This target has its full share (`target`), or everything together (`total`). */
  | { kind: 'busy'; bound: 'target' | 'total' };

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface TargetGate {
  /**
   * Asks for one exchange with a target, without waiting. Name targets by origin: see targetOf. `evenIfOpen` makes it a
   * probe when the breaker is open: for what must not be answered from memory.
   */
  enter(target: string, options?: { evenIfOpen?: boolean }): GateDecision;
  stateOf(target: string): BreakerState;
  inFlight(): number;
  /** Targets remembered now. */
  size(): number;
}

interface Target {
  inFlight: number;
  probing: boolean;
  failures: number;
  memory: string;
  /** Null while the breaker is closed. */
  openUntil: number | null;
  openMs: number;
}

type Settings = Required<TargetGateOptions>;

/** The unit of fairness: scheme, host and port of a URL. */
export function targetOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** Bounds what any one target can take, and answers for dead ones from memory. State only: it neither waits nor dials. */
export function createTargetGate(options: TargetGateOptions): TargetGate {
  const settings = { failuresToOpen: 5, openMs: 15_000, maxOpenMs: 300_000, maxTargets: 10_000, ...options };
  const targets = new Map<string, Target>();
  let inFlight = 0;
  return {
    enter(name, { evenIfOpen = false } = {}) {
      const now = settings.clock.now().getTime();
      const target = targets.get(name) ?? freshTarget(settings);
      if (!evenIfOpen && target.openUntil !== null && (target.probing || now < target.openUntil)) {
        remember(targets, name, target, settings.maxTargets);
        return { kind: 'open', memory: target.memory, retryAt: new Date(Math.max(target.openUntil, now)) };
      }
      if (inFlight >= settings.total) return { kind: 'busy', bound: 'total' };
      if (target.inFlight >= settings.perTarget) return { kind: 'busy', bound: 'target' };
      const probe = target.openUntil !== null;
      target.probing ||= probe;
      target.inFlight += 1;
      inFlight += 1;
      remember(targets, name, target, settings.maxTargets);
      let left = false;
      const leave = (outcome: GateOutcome): void => {
        if (left) return;
        left = true;
        inFlight -= 1;
        settle(target, outcome, probe, settings);
        if (target.inFlight === 0 && target.failures === 0 && target.openUntil === null) targets.delete(name);
      };
      return { kind: 'admitted', probe, leave };
    },
    stateOf(name) {
      const target = targets.get(name);
      if (target === undefined || target.openUntil === null) return 'closed';
      const isDue = target.probing || settings.clock.now().getTime() >= target.openUntil;
      return isDue ? 'half-open' : 'open';
    },
    inFlight: () => inFlight,
    size: () => targets.size,
  };
}

function freshTarget(settings: Settings): Target {
  return { inFlight: 0, probing: false, failures: 0, memory: '', openUntil: null, openMs: settings.openMs };
}

function settle(target: Target, outcome: GateOutcome, probe: boolean, settings: Settings): void {
  target.inFlight -= 1;
  if (probe) target.probing = false;
  if (outcome.kind === 'abandoned') return;
  if (outcome.kind === 'answered') {
    target.failures = 0;
    target.openUntil = null;
    target.openMs = settings.openMs;
    return;
  }
  target.failures += 1;
  target.memory = outcome.memory;
  // Exchanges that began before the breaker opened say nothing new; only a probe keeps it open for longer.
  if (target.openUntil !== null && !probe) return;
  if (target.failures < settings.failuresToOpen) return;
  if (probe) target.openMs = Math.min(target.openMs * 2, settings.maxOpenMs);
  target.openUntil = settings.clock.now().getTime() + target.openMs;
}

/** Puts a target at the young end, and forgets the oldest idle one when there are too many. */
function remember(targets: Map<string, Target>, name: string, target: Target, maxTargets: number): void {
  targets.delete(name);
  targets.set(name, target);
  if (targets.size <= maxTargets) return;
  for (const [other, state] of targets) {
    if (state.inFlight > 0 || other === name) continue;
    targets.delete(other);
    return;
  }
}
