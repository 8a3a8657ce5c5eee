import { editDistance } from '@agent-registry/schemas';
import { type Problems, report } from './problems.ts';

/** Members that are nearer than this to a known one are taken for a slip of the pen. */
const NEAR_LETTERS = 2;

/**
 * Refuses a member whose name is within two letters of a known one, which its author takes for that one. Other unknown members
 * are kept with the criteria and mean nothing.
 */
export function refuseNearNames(
  problems: Problems,
  path: string,
  value: Record<string, unknown>,
  known: readonly string[],
): void {
  if (!problems.isProposal) return;
  for (const name of Object.keys(value)) {
    if (known.includes(name) || name.length > 2 * Math.max(...known.map(({ length }) => length))) continue;
    const meant = known.find(
      (one) => editDistance(name.toLowerCase(), one) <= Math.min(NEAR_LETTERS, one.length - 2),
    );
    if (meant === undefined) continue;
    const at = path === '' ? name : `${path}.${name}`;
    report(problems, at, `is not a known member; did you mean ${meant}?`);
  }
}
