import {
  empty,
  feeOf,
  isTimeUp,
  type Model,
  type ModelJob,
  type Name,
  type Refusal,
  type Status,
  tell,
} from './market-model.ts';
import { INVALID, INVALID_STATE, refuse, turnedAway } from './model-actions.ts';

const OFFERS_MAX = 20;
const EVIDENCE_MAX = 10;
/** 256 KiB. */
export const EVIDENCE_BYTES_MAX = 262_144;
const HOLDING: readonly Status[] = ['funded', 'in_progress', 'delivered', 'verifying', 'failed', 'disputed'];

const holds = (job: ModelJob): boolean => HOLDING.includes(job.status) && !job.settled;
/** Whether offers to settle may be made, and accepted, as far as the state goes. */
export const maySettle = holds;
/** Whether there is an offer that may still be accepted. */
export const hasOffer = (job: ModelJob): boolean => holds(job) && job.offers.length > job.endedOffers;

function refusedSettling(model: Model, job: ModelJob, who: Name): Refusal | null {
  return turnedAway(model, job, who) ?? (holds(job) && !isTimeUp(model, job) ? null : INVALID_STATE);
}

export interface Shares {
  readonly client: bigint;
  readonly seller: bigint;
}

const otherOf = (job: ModelJob, who: Name) => (who === job.client ? 'seller' : 'client');
const madeBy = (job: ModelJob, who: Name) => job.offers.filter(({ by }) => by === who).length;

/** A party's offer, which replaces the one before it. */
export function offer(model: Model, job: ModelJob, who: Name, { client, seller }: Shares): Refusal | null {
  const refusal = refusedSettling(model, job, who);
  if (refusal !== null) return refusal;
  if (client + seller !== job.price + job.bond) return INVALID;
  if (madeBy(job, who) >= OFFERS_MAX) return refuse(409, 'rounds_exhausted');
  job.offers.push({ by: who, client, seller });
  job.settling.push('settlement_offer');
  tell(job, 'job.settlement_offered', otherOf(job, who));
  return null;
}

/** `named` is the place of the offer that is meant among all that were made of this job; null is none of them. */
export function acceptOffer(model: Model, job: ModelJob, who: Name, named: number | null): Refusal | null {
  const refusal = refusedSettling(model, job, who);
  if (refusal !== null) return refusal;
  const newest = job.offers.at(-1);
  if (newest === undefined || named !== job.offers.length - 1) return INVALID_STATE;
  if (newest.by === who) return refuse(409, 'own_offer');
  if (!hasOffer(job)) return INVALID_STATE;
  const { client, seller } = newest;
  const fee = seller > job.bond ? feeOf(seller - job.bond) : 0n;
  empty(model, job, { client, seller: seller - fee, fee });
  job.awarded = seller;
  job.status = 'resolved';
  if (job.run === 'pending') job.run = 'error';
  job.settling.push('settlement_accept');
  tell(job, 'job.resolved');
  return null;
}

/** A text of so many bytes that a party of a dispute shows. */
export function showEvidence(model: Model, job: ModelJob, who: Name, bytes: number): Refusal | null {
  if (model.suspended.has(who)) return refuse(403, 'agent_suspended');
  if (bytes > EVIDENCE_BYTES_MAX) return INVALID;
  const away = turnedAway(model, job, who);
  if (away !== null) return away;
  if (job.status !== 'disputed' || isTimeUp(model, job)) return INVALID_STATE;
  const shown = job.evidence[who] ?? 0;
  if (shown >= EVIDENCE_MAX) return INVALID_STATE;
  job.evidence[who] = shown + 1;
  job.settling.push('evidence');
  tell(job, 'job.evidence_added', otherOf(job, who));
  return null;
}
