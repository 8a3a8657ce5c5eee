import { findProof } from '@agent-registry/db';
import { proofStatement } from '@agent-registry/domain';
import { fieldRefusal, type SuiteProof } from '@agent-registry/schemas';
import { invariant, type Op } from '../op.ts';

/**
 * What a proof tells the seller of a proposal with these criteria.
 *
 * @throws RegistryError validation_failed for a proof that is unknown, another agent's, of other criteria or no longer holds:
 *   the same answer for all of them.
 */
export async function readProof(
  op: Op,
  proof: { proofId: string; agentId: string; criteriaHash: string | null },
): Promise<SuiteProof> {
  const { proofId, agentId, criteriaHash } = proof;
  const check =
    criteriaHash === null
      ? undefined
      : await findProof(op.trx, { proofId, agentId, criteriaHash, now: op.now });
  if (check === undefined)
    throw fieldRefusal('suite_proof_id', 'must be a proof of yours that holds, of these very criteria');
  const { findings, repeats, runner_version, runner_digest, proof_expires_at } = check;
  invariant(
    findings !== null && runner_digest !== null && proof_expires_at !== null,
    'a proof has findings, a runner and an end',
  );
  return {
    proof_id: proofId,
    statement: proofStatement(findings, repeats),
    repeats,
    deterministic: findings.deterministic === true,
    forgeable: findings.forgeable,
    cheats_tried: findings.cheats.length,
    cheats_passed: findings.cheats.filter(({ passed }) => passed).map(({ name }) => name),
    runner: { version: runner_version ?? '', digest: runner_digest },
    expires_at: proof_expires_at.toISOString(),
  };
}
