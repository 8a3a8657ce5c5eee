import type { Criteria } from '@agent-registry/criteria';
import type { TestResult, TestVerdict } from '@agent-registry/schemas';

/**
 * The verdict of a suite. `error` only where the harness broke and the broken tests could have decided: a
 * threshold that is met without them, or out of reach with them, stands. What a dry run skips counts as met: its verdict is
 * that of the same deliverable, delivered in time.
 */
export function computeVerdict(
  criteria: Criteria,
  results: readonly TestResult[],
): { readonly verdict: TestVerdict; readonly summary: string } {
  const passed = results.filter((result) => result.passed).length;
  const broken = results.filter(({ outcome }) => outcome === 'error').length;
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length;
  const minPass = Math.max(0, criteria.minPass - skipped);
  const unlooked = skipped === 0 ? '' : `, ${skipped} skipped`;
  const counts = `${passed} of ${results.length - skipped} tests passed, ${minPass} needed${unlooked}.`;
  if (passed >= minPass) return { verdict: 'pass', summary: `Pass: ${counts}` };
  if (passed + broken >= minPass) return { verdict: 'error', summary: `Error: ${broken} broke, ${counts}` };
  return { verdict: 'fail', summary: `Fail: ${counts}` };
}
