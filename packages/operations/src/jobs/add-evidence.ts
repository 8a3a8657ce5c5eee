import { type EvidenceRow, insertEvidence } from '@agent-registry/db';
import { EVIDENCE_PER_PARTY_MAX, RegistryError } from '@agent-registry/schemas';
import { sha256Hex } from '@agent-registry/signing';
import { emitJobEvent } from '../emit.ts';
import { defer, type Op } from '../op.ts';
import { appendNegotiation, stepsOf } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { transition } from './transition.ts';

/**
 * A party of a dispute shows a text or a file. Its hash is chained into the negotiation log, so that it cannot be exchanged.
 *
 * @param input.content of at most 256 KiB, checked before.
 * @throws RegistryError not_found, invalid_state.
 */
export async function addEvidence(
  op: Op,
  input: { jobId: string; actorId: string; name: string; mediaType: string; content: Buffer },
): Promise<EvidenceRow> {
  const { jobId: job_id, actorId: agent_id, name, mediaType: media_type, content } = input;
  const { job } = await loadJob(op, job_id, agent_id, 'add_evidence');
  const shown = stepsOf(job).filter(({ kind, by }) => kind === 'evidence' && by === agent_id);
  if (shown.length >= EVIDENCE_PER_PARTY_MAX) {
    const detail = `You have shown ${EVIDENCE_PER_PARTY_MAX} texts and files in this dispute, which is all there may be.`;
    throw new RegistryError('invalid_state', detail);
  }
  const outline = {
    evidence_id: op.ids.next(),
    name,
    media_type,
    bytes: content.length,
    sha256: sha256Hex(content),
  };
  const { bytes, ...kept } = outline;
  defer(op, insertEvidence(op.trx, { ...kept, job_id, agent_id, content, created_at: op.now }));
  const moved = transition(op, job, 'add_evidence');
  appendNegotiation(op, moved, { kind: 'evidence', by: agent_id, members: { evidence: outline } });
  emitJobEvent(op, moved, 'job.evidence_added', { ...outline, by: agent_id }, agent_id);
  return { ...kept, bytes, job_id, agent_id, created_at: op.now };
}
