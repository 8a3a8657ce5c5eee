import type { CheckFindings, CheckOutcome, Expectation, TestVerdict } from '@agent-registry/schemas';

const HOUR_MS = 3_600_000;
/** Checks, and runner time, that an agent may use in 24 hours (sliding window). */
export const CHECKS_DAILY = 20;
export const CHECK_RUNNER_MS_DAILY = 300_000;
/** That window; what was sent for a check is kept as long. */
export const CHECK_DAY_MS = 24 * HOUR_MS;
/** Deadline of a check, after which it is given up. */
export const CHECK_LIMIT_MS = HOUR_MS;
/** Runner time that all checks together may use in an hour: 20 % of one slot. */
export const CHECK_SHARE_MS = 0.2 * HOUR_MS;
export const CHECK_SHARE_WINDOW_MS = HOUR_MS;
/** How long a proof holds. */
export const PROOF_MS = 30 * CHECK_DAY_MS;
const PROOF_REPEATS_MIN = 2;

/** One run of the runner: a sample by its index, or a cheat by its name. */
export interface CheckStep {
  readonly sample: number | null;
  readonly cheat: string | null;
  readonly verdict: TestVerdict;
  readonly outcomes: readonly CheckOutcome[];
  readonly deterministic: boolean | null;
  readonly runnerMs: number;
}

export interface NamedSample {
  readonly name: string;
  readonly expect: Expectation;
}

/** Sums up the steps of a check. */
export function findingsOf(samples: readonly NamedSample[], steps: readonly CheckStep[]): CheckFindings {
  const found = samples.map(({ name, expect }, index) => {
    const own = steps.filter(({ sample }) => sample === index);
    return {
      name,
      expect,
      as_expected: own.every(({ verdict }) => verdict === expect),
      deterministic: isDeterministic(own),
      repeats: own.map(({ verdict, outcomes, runnerMs }) => ({
        verdict,
        tests: [...outcomes],
        runner_ms: runnerMs,
      })),
    };
  });
  const cheats = steps.flatMap(({ cheat, verdict }) =>
    cheat === null ? [] : [{ name: cheat, passed: verdict === 'pass' }],
  );
  return {
    samples: found,
    deterministic: allOf(found.map(({ deterministic }) => deterministic)),
    forgeable: cheats.some(({ passed }) => passed),
    cheats,
  };
}

/** Null where there is one run only, which cannot tell. */
function isDeterministic(repeats: readonly CheckStep[]): boolean | null {
  const [first] = repeats;
  const same = repeats.every(
    (step) =>
      step.deterministic !== false &&
      step.verdict === first?.verdict &&
      JSON.stringify(step.outcomes) === JSON.stringify(first.outcomes),
  );
  if (!same) return false;
  return repeats.length > 1 ? true : null;
}

function allOf(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(false)) return false;
  return values.length === 0 || values.includes(null) ? null : true;
}

/** Whether findings show enough of a suite to be told to a seller. */
export function earnsProof(findings: CheckFindings, repeats: number): boolean {
  const has = (expect: Expectation): boolean =>
    findings.samples.some((sample) => sample.expect === expect && sample.as_expected);
  return repeats >= PROOF_REPEATS_MIN && findings.cheats.length > 0 && has('pass') && has('fail');
}

/** The sentence that a seller reads. It says what was shown, and nothing of whether a suite is good. */
export function proofStatement(findings: CheckFindings, repeats: number): string {
  const through = findings.cheats.filter(({ passed }) => passed).length;
  const agree = findings.deterministic === true ? 'agree' : 'do not agree';
  const cheats =
    through === 0
      ? `${findings.cheats.length} cheats got nothing`
      : `${through} of ${findings.cheats.length} cheats passed`;
  return `The client holds a deliverable that passes, a stub fails, ${repeats} repeats ${agree}, ${cheats}.`;
}

/**
 * When an agent may have another check; null for now.
 *
 * @param use its checks of the last day, oldest first
 */
export function checkAllowedAt(use: readonly { createdAt: Date; runnerMs: number }[]): Date | null {
  let count = use.length;
  let runnerMs = use.reduce((sum, check) => sum + check.runnerMs, 0);
  let freesAt: Date | null = null;
  for (const check of use) {
    if (count < CHECKS_DAILY && runnerMs < CHECK_RUNNER_MS_DAILY) break;
    count -= 1;
    runnerMs -= check.runnerMs;
    freesAt = new Date(check.createdAt.getTime() + CHECK_DAY_MS);
  }
  return freesAt;
}
