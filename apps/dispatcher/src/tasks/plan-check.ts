import { listCheats } from '@agent-registry/criteria';
import type { CriteriaCheckRow } from '@agent-registry/db';
import { openCheckHiddenCases } from '@agent-registry/operations';
import type { Expectation } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';

/** One run of the runner: a sample by its index, or a cheat by its name. */
export interface PlannedStep {
  readonly step: number;
  readonly sample: number | null;
  readonly cheat: string | null;
  readonly deliverable: unknown;
  /** Whether what the runner says is kept for the owner. */
  readonly keepsReport: boolean;
}

export interface CheckPlan {
  readonly criteria: string;
  readonly hiddenCases: string | null;
  readonly steps: readonly PlannedStep[];
}

interface Sample {
  readonly result: unknown;
  readonly expect: Expectation;
}

/**
 * What a check runs, in order: each sample once, then once more for each repeat, then the cheats. The same each time it is asked,
 * so that whoever takes a check over goes on where it ended.
 *
 * @throws SealError where no accepted key opens the hidden cases.
 */
export function planCheck(sealer: Sealer, check: CriteriaCheckRow): CheckPlan {
  const criteria = check.criteria ?? 'null';
  const samples = JSON.parse(check.samples ?? '[]') as Sample[];
  const passing = samples.filter(({ expect }) => expect === 'pass').map(({ result }) => result);
  const repeated = Array.from({ length: check.repeats }, (_, repeat) =>
    samples.map(({ result }, sample) => ({
      sample,
      cheat: null,
      deliverable: result,
      keepsReport: repeat === 0,
    })),
  ).flat();
  const cheats = listCheats(JSON.parse(criteria), passing).map(({ name, deliverable }) => ({
    sample: null,
    cheat: name,
    deliverable,
    keepsReport: false,
  }));
  const steps = [...repeated, ...cheats].map((planned, step) => ({ step, ...planned }));
  return { criteria, hiddenCases: openCheckHiddenCases(sealer, check), steps };
}
