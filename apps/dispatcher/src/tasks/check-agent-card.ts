import { readAgentCard } from '@agent-registry/domain';
import { type CardFinding, claimLook, commit, recordCard } from '@agent-registry/operations';
import type { Document } from '@agent-registry/outbound';
import type { TaskBody } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { verifyAgentCard } from '@agent-registry/signing';
import { type Answer, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { retry } from '../retry.ts';

/** Published cards have 2 to 20 kB. */
const CARD_BYTES_MAX = 262_144;
/** Statuses that say nothing of the card: it is retried later. */
const LATER: readonly number[] = [408, 425, 429];

/**
 * Fetches the A2A card that an agent keeps elsewhere, and keeps what it says as suggestions, with every flaw. The outbox tries
 * again where there was no answer, so the queue has nothing to retry.
 */
export async function checkAgentCard(
  context: DispatcherContext,
  task: TaskBody<'agent_card'>,
): Promise<Answer> {
  const look = { agentId: task.agent_id, look: task.look, attempt: task.attempt };
  annotate({ agent_id: look.agentId, attempt: look.attempt });
  const { value: claim } = await commit(context, (op) => claimLook(op, look));
  if (claim.kind !== 'claimed') return done(claim.kind);
  const document = await context.outbound.get(claim.url, { maxBytes: CARD_BYTES_MAX });
  const finding = findingOf(document, claim.publicKey);
  const { value: status } = await retry(
    () => commit(context, (op) => recordCard(op, look, finding)),
    context.stopping,
  );
  return done(status);
}

function findingOf(document: Document, publicKey: string): CardFinding {
  if (!document.ok) {
    const kind = document.phase === 'blocked' ? 'refused' : 'unreachable';
    return { kind, flaws: [{ path: '', message: document.message }] };
  }
  const fault = faultOf(document);
  if (fault !== null) return { ...fault, flaws: [{ path: '', message: fault.message }] };
  const reading = readAgentCard(document.body.toString('utf8'));
  if (!reading.ok) return { kind: 'refused', flaws: reading.flaws };
  return { kind: 'read', reading, publicKey, verdict: verifyAgentCard(reading.card, publicKey) };
}

/** Why an answer holds no card; null where it may. */
function faultOf(document: Extract<Document, { ok: true }>) {
  const { status } = document;
  if (status >= 500 || LATER.includes(status))
    return { kind: 'unreachable', message: `The server answered ${status}.` } as const;
  const refused = (message: string) => ({ kind: 'refused', message }) as const;
  if (status >= 300 && status < 400)
    return refused(
      `The server answered ${status}: redirects are not followed. Name the address that it leads to.`,
    );
  if (status !== 200) return refused(`The server answered ${status}.`);
  if (document.truncated) return refused(`The card has more than ${CARD_BYTES_MAX} bytes.`);
  if (document.encoding !== '') return refused('The answer is compressed, though it was asked not to be.');
  return null;
}
