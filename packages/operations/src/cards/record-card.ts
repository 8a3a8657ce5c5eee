import {
  type AgentRow,
  deleteOutbox,
  findOutbox,
  keyInForce,
  lockAgent,
  lockAgentCard,
  updateAgentCard,
  updateAgentRow,
} from '@agent-registry/db';
import type { CardReading } from '@agent-registry/domain';
import type { CardFlaw, CardStatus } from '@agent-registry/schemas';
import type { CardVerdict } from '@agent-registry/signing';
import type { Op } from '../op.ts';
import { CARD_INTERVAL_MS, type CardLook, outboxName, scheduleLook } from './request-card.ts';

/** How long after a try that brought no answer the next one is made; after the last the card is unreachable until asked for. */
const RETRY_AFTER_MS = [60_000, 300_000, 1_800_000, 7_200_000] as const;

export type CardClaim =
  | { readonly kind: 'claimed'; readonly url: string; readonly publicKey: string }
  | { readonly kind: 'superseded' | 'postponed' };

/**
 * Takes up a try to look at a card. The moment is noted, so that another try, such as the same task once more, waits for a minute:
 * that is the lease of this one.
 */
export async function claimLook(op: Op, look: CardLook): Promise<CardClaim> {
  const agent = await lockAgent(op.trx, look.agentId);
  const card = await lockAgentCard(op.trx, look.agentId);
  // What came of it is recorded: the task has come once more.
  if ((await findOutbox(op.trx, outboxName(look))) === undefined) return { kind: 'superseded' };
  if (agent?.agent_card_url == null || agent.status !== 'active' || card?.look !== look.look) {
    await deleteOutbox(op.trx, outboxName(look));
    return { kind: 'superseded' };
  }
  const earliest = (card.looked_at?.getTime() ?? 0) + CARD_INTERVAL_MS;
  if (op.now.getTime() < earliest) {
    scheduleLook(op, look, new Date(earliest));
    return { kind: 'postponed' };
  }
  await updateAgentCard(op.trx, look.agentId, { looked_at: op.now });
  return { kind: 'claimed', url: agent.agent_card_url, publicKey: keyInForce(agent, op.now) };
}

/** What came of a try. An outage says nothing of the card; a refusal does. */
export type CardFinding =
  | { readonly kind: 'unreachable' | 'refused'; readonly flaws: readonly CardFlaw[] }
  | {
      readonly kind: 'read';
      readonly reading: Extract<CardReading, { ok: true }>;
      /** Of its signatures, by this key. */
      readonly verdict: CardVerdict;
      readonly publicKey: string;
    };

/** Keeps what came of a try; a card that could not be reached is tried again, five times in all. Once only. */
export async function recordCard(
  op: Op,
  look: CardLook,
  finding: CardFinding,
): Promise<CardStatus | 'superseded'> {
  const agent = await lockAgent(op.trx, look.agentId);
  const card = await lockAgentCard(op.trx, look.agentId);
  const isWanted = await deleteOutbox(op.trx, outboxName(look));
  if (!isWanted || agent?.agent_card_url == null || card?.look !== look.look) return 'superseded';
  const { status, flaws } = compare(agent, finding);
  const isOurs = finding.kind === 'read' && finding.verdict === 'verified';
  await updateAgentRow(op.trx, look.agentId, {
    card_status: status,
    card_checked_at: op.now,
    ...(isOurs ? { card_key: finding.publicKey } : {}),
  });
  const read = finding.kind === 'read' ? finding.reading : null;
  await updateAgentCard(op.trx, look.agentId, {
    flaws: JSON.stringify(flaws),
    ...(read && { protocol_version: read.protocolVersion, suggestions: JSON.stringify(read.suggestions) }),
  });
  const delayMs = RETRY_AFTER_MS[look.attempt - 1];
  if (finding.kind === 'unreachable' && delayMs !== undefined)
    scheduleLook(op, { ...look, attempt: look.attempt + 1 }, new Date(op.now.getTime() + delayMs));
  return status;
}

function compare(agent: AgentRow, finding: CardFinding): { status: CardStatus; flaws: readonly CardFlaw[] } {
  if (finding.kind !== 'read') return { status: finding.kind, flaws: finding.flaws };
  const { flaws } = finding.reading;
  const because = (status: CardStatus, message: string) => ({
    status,
    flaws: [...flaws, { path: 'signatures', message }],
  });
  if (finding.verdict === 'verified') return { status: 'verified', flaws };
  if (finding.verdict === 'mismatch')
    return because('drifted', 'none is by the registered key over this card');
  if (agent.card_key !== null)
    return because('drifted', 'the registered key had signed this card, and no longer does');
  return because('unsigned', 'no Ed25519 signature, which the registered key could have made');
}
