import { runsCode } from '@agent-registry/schemas';

/** Time limit of a suite unless configured otherwise (TEST_RUNNER_TIMEOUT_PER_SUITE). */
const SUITE_MS_MAX = 300_000;

/** What of acceptance criteria decides how much a client learns of a deliverable that it has not paid for. */
export interface CriteriaOutline {
  readonly tests: number;
  readonly runsCode: boolean;
  /** `verdict`: the client is not told which tests passed. */
  readonly shows: 'tests' | 'verdict';
}

/** @param criteria JSON text of a suite or of the short form of one script. */
export function outlineOf(criteria: string): CriteriaOutline {
  const parsed = JSON.parse(criteria) as {
    script?: unknown;
    tests?: { type?: unknown }[];
    disclosure?: unknown;
  };
  const shows = parsed.disclosure === 'verdict' ? 'verdict' : 'tests';
  if (parsed.script !== undefined) return { tests: 1, runsCode: true, shows };
  const tests = parsed.tests ?? [];
  return { tests: tests.length, runsCode: tests.some(({ type }) => runsCode(type)), shows };
}

/**
 * Bits of an unpaid deliverable that one delivery can leak to the client: one per test result that it sees and, where code runs,
 * those of the timing side channel: the step at which a FAIL is acted on.
 */
export function disclosureBits({ tests, runsCode, shows }: CriteriaOutline, failStepMs: number): number {
  const steps = runsCode ? Math.ceil(SUITE_MS_MAX / Math.max(failStepMs, 1)) : 1;
  return (shows === 'tests' ? tests : 1) + Math.ceil(Math.log2(steps));
}

/** When a FAIL that is known at `now` is acted on: at once, or where code runs, whose time would leak, at the next whole step after the delivery. */
export function failSettlesAt(
  { runsCode }: CriteriaOutline,
  times: { readonly deliveredAt: Date; readonly now: Date; readonly stepMs: number },
): Date {
  const { deliveredAt, now, stepMs } = times;
  if (!runsCode || stepMs === 0) return now;
  const steps = Math.max(1, Math.ceil((now.getTime() - deliveredAt.getTime()) / stepMs));
  return new Date(deliveredAt.getTime() + steps * stepMs);
}

/** What both parties are told of a FAIL: nothing that the client could not see in the results it is shown. */
export function failReason(shows: CriteriaOutline['shows'], results: readonly { passed: boolean }[]): string {
  if (shows === 'verdict') return 'the delivery did not pass';
  const failed = results.filter((result) => !result.passed).length;
  return `${failed} of ${results.length} tests did not pass`;
}
