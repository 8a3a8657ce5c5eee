import type { FeeRule, TransferKind } from '@agent-registry/schemas';
import { feeOf } from './money.ts';

/** Whose account a posting touches. */
export type AccountRef =
  | { readonly kind: 'agent'; readonly ownerId: string }
  | { readonly kind: 'escrow' | 'bond'; readonly ownerId: string }
  | { readonly kind: 'fees' | 'mint' };

export interface Posting {
  readonly account: AccountRef;
  /** Cents; positive into the account. */
  readonly amount: bigint;
}

/** A movement of money: its postings sum to zero. `reference` is unique for ever, so it can happen once only. */
export interface Transfer {
  readonly kind: TransferKind;
  readonly reference: string;
  readonly jobId: string | null;
  readonly postings: readonly Posting[];
}

/** The parties and amounts of a funded job, cents. */
export interface Stake {
  readonly jobId: string;
  readonly clientId: string;
  readonly sellerId: string;
  readonly price: bigint;
  readonly bond: bigint;
  readonly clientAbortPenalty: bigint;
  readonly feeRatePpm: number;
  readonly feeRule: FeeRule;
}

const agent = (ownerId: string): AccountRef => ({ kind: 'agent', ownerId });
const escrowOf = (stake: Stake): AccountRef => ({ kind: 'escrow', ownerId: stake.jobId });
const bondOf = (stake: Stake): AccountRef => ({ kind: 'bond', ownerId: stake.jobId });
const FEES: AccountRef = { kind: 'fees' };
const MINT: AccountRef = { kind: 'mint' };

/** Builds a transfer without its empty postings; null when nothing moves. @throws RangeError when it does not balance. */
function transfer(
  kind: TransferKind,
  reference: string,
  jobId: string | null,
  postings: readonly Posting[],
): Transfer[] {
  const sum = postings.reduce((total, posting) => total + posting.amount, 0n);
  if (sum !== 0n) throw new RangeError(`transfer ${reference} is off by ${sum} cents`);
  const moving = postings.filter((posting) => posting.amount !== 0n);
  return moving.length === 0 ? [] : [{ kind, reference, jobId, postings: moving }];
}

/** One transfer of a job between two accounts. */
function move(
  kind: TransferKind,
  stake: Stake,
  from: AccountRef,
  to: AccountRef,
  amount: bigint,
): Transfer[] {
  return transfer(kind, `job:${stake.jobId}:${kind}`, stake.jobId, [
    { account: from, amount: -amount },
    { account: to, amount },
  ]);
}

/** Credits created for an agent: a development deposit, or an operator's for money received. */
export function deposit(agentId: string, amount: bigint, reference: string): Transfer[] {
  return transfer('deposit', reference, null, [
    { account: MINT, amount: -amount },
    { account: agent(agentId), amount },
  ]);
}

/** Credits that leave the registry, paid out by an operator. */
export function withdrawal(agentId: string, amount: bigint, reference: string): Transfer[] {
  return transfer('withdrawal', reference, null, [
    { account: agent(agentId), amount: -amount },
    { account: MINT, amount },
  ]);
}

/** Collected fees that leave the registry. */
export function feeWithdrawal(amount: bigint, reference: string): Transfer[] {
  return transfer('fee_withdrawal', reference, null, [
    { account: FEES, amount: -amount },
    { account: MINT, amount },
  ]);
}

/** Funding: the price from the client into escrow, the bond from the seller. */
export function hold(stake: Stake): Transfer[] {
  return [
    ...move('escrow_hold', stake, agent(stake.clientId), escrowOf(stake), stake.price),
    ...move('bond_hold', stake, agent(stake.sellerId), bondOf(stake), stake.bond),
  ];
}

/** The work is accepted: the price less the fee to the seller, the fee to the platform, the bond back. */
export function release(stake: Stake): Transfer[] {
  const fee = feeOf(stake.price, stake.feeRatePpm, stake.feeRule);
  return [
    ...transfer('escrow_release', `job:${stake.jobId}:escrow_release`, stake.jobId, [
      { account: escrowOf(stake), amount: -stake.price },
      { account: agent(stake.sellerId), amount: stake.price - fee },
      { account: FEES, amount: fee },
    ]),
    ...returnBond(stake),
  ];
}

/** The client leaves: its penalty to the seller, the rest back; the bond back to the seller. */
export function clientAbort(stake: Stake): Transfer[] {
  return [
    ...move('abort_penalty', stake, escrowOf(stake), agent(stake.sellerId), stake.clientAbortPenalty),
    ...move(
      'escrow_refund',
      stake,
      escrowOf(stake),
      agent(stake.clientId),
      stake.price - stake.clientAbortPenalty,
    ),
    ...returnBond(stake),
  ];
}

/** The seller failed the client: the price back, and the bond with it. */
export function forfeit(stake: Stake): Transfer[] {
  return [
    ...move('escrow_refund', stake, escrowOf(stake), agent(stake.clientId), stake.price),
    ...move('bond_forfeit', stake, bondOf(stake), agent(stake.clientId), stake.bond),
  ];
}

/** Nobody is to blame, or the client refused: the price back to the client, the bond back to the seller. */
export function refund(stake: Stake): Transfer[] {
  return [
    ...move('escrow_refund', stake, escrowOf(stake), agent(stake.clientId), stake.price),
    ...returnBond(stake),
  ];
}

/**
 * Shares that an operator or the parties decided: price plus bond exactly; the fee on what the seller gets above its bond.
 *
 * @throws RangeError when the shares are not exactly what is held.
 */
export function split(stake: Stake, clientShare: bigint, sellerShare: bigint): Transfer[] {
  if (clientShare < 0n || sellerShare < 0n || clientShare + sellerShare !== stake.price + stake.bond) {
    throw new RangeError(
      `shares of ${clientShare} and ${sellerShare} cents are not ${stake.price + stake.bond}`,
    );
  }
  const fee = feeOf(earnedOf(stake, sellerShare), stake.feeRatePpm, stake.feeRule);
  return transfer('dispute_split', `job:${stake.jobId}:dispute_split`, stake.jobId, [
    { account: escrowOf(stake), amount: -stake.price },
    { account: bondOf(stake), amount: -stake.bond },
    { account: agent(stake.clientId), amount: clientShare },
    { account: agent(stake.sellerId), amount: sellerShare - fee },
    { account: FEES, amount: fee },
  ]);
}

/** What a seller earns of a split, cents: its share above its bond. */
export function earnedOf({ bond }: Pick<Stake, 'bond'>, sellerShare: bigint): bigint {
  return sellerShare > bond ? sellerShare - bond : 0n;
}

function returnBond(stake: Stake): Transfer[] {
  return move('bond_return', stake, bondOf(stake), agent(stake.sellerId), stake.bond);
}
