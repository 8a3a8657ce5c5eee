// What leaves commit to, made of the rows that they are about: when they are written, for receipts, and for the audit.
import type {
  AgentPosting,
  JobPosting,
  JobRow,
  NegotiationEntryRow,
  RejudgementRow,
  ReviewRow,
  VerificationRunRow,
} from '@agent-registry/db';
import { outlineOf, type Transfer } from '@agent-registry/domain';
import type { LeafFields } from '@agent-registry/log';
import { formatCents, type TestResult, type TransferKind } from '@agent-registry/schemas';
import { canonicalJson, sha256Hex } from '@agent-registry/signing';

/** A transfer as an opening has it: accounts as `agent:<id>`, `escrow:<job>`, `bond:<job>`, `fees` or `mint`. */
export interface OpenTransfer {
  readonly transfer_id: string;
  readonly kind: TransferKind;
  readonly postings: readonly { readonly account: string; readonly amount: string }[];
}

export function openTransfers(ids: readonly string[], transfers: readonly Transfer[]): OpenTransfer[] {
  return transfers.map(({ kind, postings }, at) => ({
    transfer_id: ids[at]!,
    kind,
    postings: postings.map(({ account, amount }) => ({
      account: accountName(account.kind, 'ownerId' in account ? account.ownerId : null),
      amount: formatCents(amount),
    })),
  }));
}

/** A job's transfers as the ledger has them: what is held, and what settled it. */
export function openPostings(rows: readonly JobPosting[]): Record<'held' | 'settled', OpenTransfer[]> {
  const transfers = [...Map.groupBy(rows, (row) => row.transfer_id)].map(([transfer_id, postings]) => ({
    transfer_id,
    kind: postings[0]!.kind,
    postings: postings.map(({ account_kind, owner_id, amount }) => ({
      account: accountName(account_kind, owner_id),
      amount: formatCents(amount),
    })),
  }));
  const isHold = ({ kind }: OpenTransfer) => kind === 'escrow_hold' || kind === 'bond_hold';
  return { held: transfers.filter(isHold), settled: transfers.filter((transfer) => !isHold(transfer)) };
}

function accountName(kind: string, ownerId: string | null): string {
  return ownerId === null ? kind : `${kind}:${ownerId}`;
}

type Parties = Pick<JobRow, 'job_id' | 'client_agent_id' | 'seller_agent_id'>;

function partiesOf({ job_id, client_agent_id, seller_agent_id }: Parties) {
  return { job_id, client_agent_id, seller_agent_id };
}

type Step = Pick<NegotiationEntryRow, 'seq' | 'hash' | 'entry'>;
const kindOf = ({ entry }: Step): unknown => (JSON.parse(entry) as { kind?: unknown }).kind;

/** The agreed terms. The hash of the step that accepted them covers all steps before; later ones may follow. */
export function termsOpening(job: JobRow, negotiation: readonly Step[]) {
  const head = negotiation.findLast((step) => kindOf(step) === 'accept');
  if (head === undefined) throw new RangeError('nobody accepted the terms');
  return {
    ...partiesOf(job),
    negotiation_seq: head.seq,
    negotiation_hash: head.hash,
    price: formatCents(job.price),
    client_abort_penalty: formatCents(job.client_abort_penalty),
    seller_abort_penalty: formatCents(job.seller_abort_penalty),
    acceptance_criteria_hash: job.acceptance_criteria_hash,
    // Of the text as it was sent: not every JSON text has an RFC 8785 form.
    requirements_hash: job.requirements === null ? null : sha256Hex(job.requirements),
    fee_rate_ppm: job.fee_rate_ppm,
    fee_rule: job.fee_rule,
  };
}

/** What is held for a job since it was funded. */
export function heldOpening(job: JobRow, transfers: readonly OpenTransfer[]) {
  return {
    ...partiesOf(job),
    escrow_id: job.escrow_id,
    price: formatCents(job.price),
    bond: formatCents(job.seller_abort_penalty),
    transfers,
  };
}

type SettledJob = Parties & Pick<JobRow, 'price' | 'outcome' | 'escrow_status'>;
type DecidedJob = SettledJob & Pick<JobRow, 'resolved_by' | 'delivery_count' | 'delivered_at' | 'result'>;

/** What leaves of older code say of a settlement. */
export function oldSettlementOpening(job: SettledJob, transfers: readonly OpenTransfer[]) {
  return {
    ...partiesOf(job),
    outcome: job.outcome,
    escrow_status: job.escrow_status,
    price: formatCents(job.price),
    transfers,
  };
}

/**
 * How a job ended, and what was delivered by then. A split that an operator or the parties decided names the step of the
 * negotiation log that was the last before: offers and evidence are covered by its hash. What was delivered is the seller's, and
 * the client's once it may see the result.
 */
export function settlementOpenings(
  job: DecidedJob,
  transfers: readonly OpenTransfer[],
  negotiation: readonly Step[],
) {
  const isSplit = job.resolved_by === 'operator' || job.resolved_by === 'agreement';
  const last = isSplit ? negotiation.findLast((step) => kindOf(step) !== 'settlement_accept') : undefined;
  const both = {
    ...oldSettlementOpening(job, transfers),
    resolved_by: isSplit ? job.resolved_by : null,
    negotiation_seq: last?.seq ?? null,
    negotiation_hash: last?.hash ?? null,
    deliveries: job.delivery_count,
    delivered_at: job.delivered_at?.toISOString() ?? null,
  };
  // Of the text as it is shown: not every JSON text has an RFC 8785 form.
  return { both, seller: { result_hash: job.result === null ? null : sha256Hex(job.result) } };
}

/** The columns of a run that its verdict is made of. */
export type JudgedRun = Pick<
  VerificationRunRow,
  | 'run_id'
  | 'delivery'
  | 'results'
  | 'deliverable_hash'
  | 'isolation'
  | 'effective_limits'
  | 'runner_digest'
  | 'runner_version'
>;

/** What both parties learn of a verdict: of each test whether it passed, unless the suite discloses the verdict alone. */
export function verdictOpening(job: JobRow, run: JudgedRun, verdict: 'pass' | 'fail') {
  const shows = job.acceptance_criteria === null ? 'verdict' : outlineOf(job.acceptance_criteria).shows;
  return {
    job_id: job.job_id,
    run_id: run.run_id,
    delivery: run.delivery,
    verdict,
    acceptance_criteria_hash: job.acceptance_criteria_hash,
    tests: shows === 'verdict' ? [] : (run.results ?? []).map((test) => [test.test_id, test.passed]),
  };
}

/** What the seller learns of it, and the client once it may see the result. */
export function sellerVerdictOpening(run: JudgedRun) {
  return {
    outcomes: (run.results ?? []).map((test: TestResult) => [test.test_id, test.outcome]),
    deliverable_hash: run.deliverable_hash,
    results_hash: sha256Hex(canonicalJson(run.results)),
    effective_limits: run.effective_limits ?? null,
    isolation: run.isolation ?? null,
    runner_version: run.runner_version,
    runner_digest: run.runner_digest,
  };
}

export function reviewOpening({ tags, comment }: Pick<ReviewRow, 'tags' | 'comment'>) {
  return { tags, comment };
}

export function reviewFields(review: ReviewRow): Omit<LeafFields['review'], 'commit'> {
  return {
    job: review.job_id,
    review_id: review.review_id,
    reviewer: review.reviewer_agent_id,
    reviewee: review.reviewee_agent_id,
    role: review.role,
    rating: review.rating,
  };
}

/** What both parties learn of a verdict that turned, and of the deposit that compensates one of them. */
export function recallOpening(
  job: Parties,
  run: Pick<VerificationRunRow, 'run_id' | 'delivery'> & { status: VerificationRunRow['status'] },
  { verdict, runner_digest }: Pick<RejudgementRow, 'verdict' | 'runner_digest'>,
  paid: Pick<AgentPosting, 'transfer_id' | 'owner_id' | 'amount'> | null,
) {
  return {
    ...partiesOf(job),
    run_id: run.run_id,
    delivery: run.delivery,
    verdict: run.status,
    new_verdict: verdict,
    new_runner_digest: runner_digest,
    compensation:
      paid === null
        ? null
        : { transfer_id: paid.transfer_id, agent: paid.owner_id, amount: formatCents(paid.amount) },
  };
}
