import type { BreakerState, GateDecision, GateOutcome, TargetGate } from '@agent-registry/outbound';

/** A turn at a target: go on and say how it ended, be answered from memory, or come back later. */
export type Turn =
  | Exclude<GateDecision, { kind: 'busy' }>
  /** There is no place, and before so many milliseconds there hardly will be. */
  | { readonly kind: 'busy'; readonly comeBackMs: number };

export interface Turnstile {
  /** Asks for one exchange with a target; waits a moment for a place when the target is known to be quick. */
  enter(target: string, options?: { evenIfOpen?: boolean }): Promise<Turn>;
  stateOf(target: string): BreakerState;
}

export interface TurnstileOptions {
  /** Exchanges at once that a quick target may have. */
  readonly most: number;
  /** How long one waits for a place; twice as long at a target that has been quick. Default 500 ms. */
  readonly waitMs?: number;
  /** An exchange that takes longer earns its target nothing. Default 1,000 ms. */
  readonly quickMs?: number;
  /** The longest an exchange can take. Default 10,000 ms. */
  readonly exchangeMs?: number;
}

const MAX_TARGETS = 10_000;
/** Who waits for a place at once, at most: at a target that nothing is known of, and at one that has been quick. */
const WAITERS_AT_UNKNOWN = 16;
const WAITERS_AT_QUICK = 64;

interface Target {
  /** Exchanges this target may have at once now: 1 at first, doubled by each quick answer, back to 1 without one. */
  allowance: number;
  readonly running: Set<number>;
  readonly waiters: Set<() => void>;
}

/**
 * Fairness on top of the gate: a target earns places by quick answers, so a new or a dead one never holds more than one of
 * the queue's, and a slow one few. The bounds of the gate, and its breaker, stand above.
 */
export function createTurnstile(gate: TargetGate, options: TurnstileOptions): Turnstile {
  const { most, waitMs = 500, quickMs = 1_000, exchangeMs = 10_000 } = options;
  const targets = new Map<string, Target>();
  const targetOf = (name: string): Target => {
    const found = targets.get(name) ?? { allowance: 1, running: new Set(), waiters: new Set() };
    targets.delete(name);
    targets.set(name, found);
    if (targets.size > MAX_TARGETS) forgetIdle(targets);
    return found;
  };
  const tryEnter = (name: string, target: Target, evenIfOpen: boolean): GateDecision => {
    const asksTheTarget = evenIfOpen || gate.stateOf(name) === 'closed';
    if (asksTheTarget && target.running.size >= target.allowance) return { kind: 'busy', bound: 'target' };
    const decision = gate.enter(name, { evenIfOpen });
    if (decision.kind !== 'admitted') return decision;
    const startedAt = performance.now();
    const mark = uniqueMark(target.running, startedAt);
    target.running.add(mark);
    const leave = (outcome: GateOutcome): void => {
      if (!target.running.delete(mark)) return;
      decision.leave(outcome);
      target.allowance = nextAllowance(target.allowance, outcome, performance.now() - startedAt);
      wakeSome(
        target,
        outcome.kind === 'no-answer' ? target.waiters.size : target.allowance - target.running.size,
      );
    };
    return { ...decision, leave };
  };
  const nextAllowance = (allowance: number, outcome: GateOutcome, durationMs: number): number => {
    if (outcome.kind === 'abandoned') return allowance;
    if (outcome.kind === 'no-answer') return 1;
    return durationMs <= quickMs ? Math.min(allowance * 2, most) : Math.max(1, Math.floor(allowance / 2));
  };
  return {
    stateOf: (name) => gate.stateOf(name),
    async enter(name, { evenIfOpen = false } = {}) {
      const target = targetOf(name);
      const deadline = performance.now() + (target.allowance > 1 ? 2 * waitMs : waitMs);
      for (;;) {
        const turn = tryEnter(name, target, evenIfOpen);
        if (turn.kind !== 'busy') return turn;
        const leftMs = deadline - performance.now();
        const stuckMs = longestRun(target) > quickMs ? exchangeMs - longestRun(target) : null;
        const waitersMax = target.allowance > 1 ? WAITERS_AT_QUICK : WAITERS_AT_UNKNOWN;
        const mayWait = turn.bound === 'target' && stuckMs === null && target.waiters.size < waitersMax;
        if (!mayWait || leftMs <= 0) return { kind: 'busy', comeBackMs: Math.max(stuckMs ?? 0, 0) };
        await nextLeave(target, leftMs);
      }
    },
  };
}

/** Lets those go on that have waited longest. */
function wakeSome(target: Target, count: number): void {
  for (const wake of [...target.waiters].slice(0, Math.max(count, 0))) wake();
}

/** For how long the oldest exchange under way with a target has been running; 0 without one. */
function longestRun(target: Target): number {
  const [first] = target.running; // in the order in which they began
  return first === undefined ? 0 : performance.now() - first;
}

function uniqueMark(taken: ReadonlySet<number>, startedAt: number): number {
  let mark = startedAt;
  while (taken.has(mark)) mark += 1e-6;
  return mark;
}

function nextLeave(target: Target, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      target.waiters.delete(done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    target.waiters.add(done);
  });
}

function forgetIdle(targets: Map<string, Target>): void {
  for (const [name, target] of targets) {
    if (target.running.size > 0 || target.waiters.size > 0) continue;
    targets.delete(name);
    return;
  }
}
