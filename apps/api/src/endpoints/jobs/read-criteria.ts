import { checkCriteria } from '@agent-registry/criteria';
import { type Db, findDeploymentFact } from '@agent-registry/db';
import { type Proposal, RUNTIMES_FACT } from '@agent-registry/operations';
import { RegistryError } from '@agent-registry/schemas';
import { criteriaHash, legacyCriteriaHash } from '@agent-registry/signing';
import { memberText } from '../../member-text.ts';

const MEMBER = 'acceptance_criteria';
/** What is offered until a test-runner has said more: it needs nothing of the machine. */
const RUNTIMES_AT_FIRST: readonly string[] = ['javascript'];

/**
 * Checks a proposal's criteria and hashes them as they were sent; null without any.
 *
 * @throws RegistryError validation_failed, with the path of each thing that is wrong.
 */
export async function readCriteria(db: Db, value: unknown, bodyText: string): Promise<Proposal['criteria']> {
  const text = memberText(bodyText, MEMBER) ?? null;
  if (value === undefined || value === null || text === null) return null;
  const checked = checkCriteria(value, { offeredRuntimes: await offeredRuntimes(db) });
  if (!checked.ok) throw refuse(checked.errors);
  try {
    return { text, hash: criteriaHash(value), legacyHash: legacyCriteriaHash(text) };
  } catch {
    throw refuse([{ path: '', message: 'must be JSON that has a canonical form (RFC 8785)' }]);
  }
}

/** The runtimes the test-runner said it has, as the sweep noted them. */
async function offeredRuntimes(db: Db): Promise<readonly string[]> {
  const fact = await findDeploymentFact(db, RUNTIMES_FACT);
  if (!Array.isArray(fact)) return RUNTIMES_AT_FIRST;
  return fact.map((runtime: { name?: unknown }) => String(runtime.name));
}

function refuse(errors: readonly { path: string; message: string }[]): RegistryError {
  const located = errors.map(({ path, message }) => ({
    path: path === '' ? MEMBER : `${MEMBER}.${path}`,
    message,
  }));
  const [first] = located;
  return new RegistryError('validation_failed', `${first?.path}: ${first?.message}`, { errors: located });
}
