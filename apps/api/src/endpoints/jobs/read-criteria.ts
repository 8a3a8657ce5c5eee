import type { CriteriaError } from '@agent-registry/criteria';
import { type Db, findDeploymentFact } from '@agent-registry/db';
import { type Proposal, RUNTIMES_FACT } from '@agent-registry/operations';
import { RegistryError } from '@agent-registry/schemas';
import { criteriaHash, legacyCriteriaHash } from '@agent-registry/signing';
import type { AnyRequest } from '../../api-request.ts';
import type { ApiContext } from '../../context.ts';

const MEMBER = 'acceptance_criteria';
const HIDDEN_MEMBER = 'hidden_cases';
/** What is offered until a test-runner has said more: it needs nothing of the machine. */
const RUNTIMES_AT_FIRST: readonly string[] = ['javascript'];

/**
 * Checks a proposal's criteria with the hidden cases that they promise, and hashes them as they were sent; null without any.
 *
 * @throws RegistryError validation_failed, with the path of each thing that is wrong; unavailable when they cannot be checked now.
 */
export async function readCriteria(
  { criteria: checker, db }: ApiContext,
  { body, textOf }: AnyRequest & { readonly body: { acceptance_criteria?: unknown; hidden_cases?: unknown } },
): Promise<{ readonly criteria: Proposal['criteria']; readonly hiddenCases: string | null }> {
  const { acceptance_criteria: value, hidden_cases: hidden } = body;
  const text = textOf(MEMBER) ?? null;
  const hiddenCases = textOf(HIDDEN_MEMBER) ?? null;
  if (value === undefined || value === null || text === null) {
    if (hiddenCases === null) return { criteria: null, hiddenCases };
    throw refuse([{ path: '', message: 'come with no acceptance criteria', ofHiddenCases: true }]);
  }
  const options = { offeredRuntimes: await offeredRuntimes(db), hiddenCases: hidden, isProposal: true };
  const checked = await checker.check(value, options);
  if (!checked.ok) throw refuse(checked.errors);
  try {
    const criteria = { text, hash: criteriaHash(value), legacyHash: legacyCriteriaHash(text) };
    return { criteria, hiddenCases };
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

function refuse(errors: readonly CriteriaError[]): RegistryError {
  const located = errors.map(({ path, message, ofHiddenCases }) => {
    const member = ofHiddenCases === true ? HIDDEN_MEMBER : MEMBER;
    return { path: path === '' ? member : `${member}.${path}`, message };
  });
  const [first] = located;
  return new RegistryError('validation_failed', `${first?.path}: ${first?.message}`, { errors: located });
}
