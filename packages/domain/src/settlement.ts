import type { EscrowStatus, JobOutcome } from '@agent-registry/schemas';
import { clientAbort, forfeit, refund, release, type Stake, type Transfer } from './postings.ts';

type Settlement = 'release' | 'client_abort' | 'forfeit' | 'refund';

/** Who gets what, by how the job ended; null where nothing is held, or a split by an operator or the parties decides. */
const SETTLEMENTS: Readonly<Record<JobOutcome, Settlement | null>> = {
  passed: 'release',
  completed_by_client: 'release',
  review_window_over: 'release',
  client_aborted: 'client_abort',
  seller_aborted: 'forfeit',
  never_delivered: 'forfeit',
  deliveries_used_up: 'forfeit',
  deadline_after_delivery: 'forfeit',
  failed_by_client: 'refund',
  verification_unavailable: 'refund',
  resolved: null,
  cancelled: null,
  expired: null,
};

const BUILDERS: Readonly<
  Record<Settlement, { transfers: (stake: Stake) => Transfer[]; escrow: EscrowStatus }>
> = {
  release: { transfers: release, escrow: 'released' },
  client_abort: { transfers: clientAbort, escrow: 'refunded' },
  forfeit: { transfers: forfeit, escrow: 'refunded' },
  refund: { transfers: refund, escrow: 'refunded' },
};

/**
 * The transfers that empty a job's escrow and bond by the rule of its outcome, and what the escrow then is.
 *
 * @throws RangeError for an outcome that holds nothing or that a rule alone does not decide.
 */
export function settlementOf(
  outcome: JobOutcome,
  stake: Stake,
): { transfers: Transfer[]; escrow: EscrowStatus } {
  const settlement = SETTLEMENTS[outcome];
  if (settlement === null) throw new RangeError(`the outcome ${outcome} does not say who gets what`);
  const { transfers, escrow } = BUILDERS[settlement];
  return { transfers: transfers(stake), escrow };
}

/** What each party gets back or is paid, cents, of what was held; the fee is the rest. */
export function sharesOf(transfers: readonly Transfer[], stake: Stake): { client: bigint; seller: bigint } {
  const sumFor = (ownerId: string) =>
    transfers
      .flatMap((transfer) => transfer.postings)
      .filter(({ account }) => account.kind === 'agent' && account.ownerId === ownerId)
      .reduce((sum, posting) => sum + posting.amount, 0n);
  return { client: sumFor(stake.clientId), seller: sumFor(stake.sellerId) };
}
