// The rules of the market, written a second time: nothing of the registry's own rules is imported, so that a mistake
// in them cannot hide in here as well.

export type Name = 'ann' | 'ben' | 'cid';
export const NAMES: readonly Name[] = ['ann', 'ben', 'cid'];
export type Status =
  | 'proposed'
  | 'negotiating'
  | 'agreed'
  | 'funded'
  | 'in_progress'
  | 'delivered'
  | 'verifying'
  | 'completed'
  | 'cancelled'
  | 'failed'
  | 'disputed'
  | 'resolved';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const PROPOSAL_EXPIRY = 7 * DAY;
export const FUNDING_WINDOW = 72 * HOUR;
export const REVIEW_WINDOW = 72 * HOUR;
export const DISPUTE_WINDOW = 72 * HOUR;
export const DISPUTE_RESOLUTION = 14 * DAY;
export const VERIFICATION_LIMIT = 24 * HOUR;
export const DEFAULT_DEADLINE = 30 * DAY;
export const LONGEST_DEADLINE = 365 * DAY;
export const WARNING = HOUR;
/** Fewer than the default, so that random walks use them up. The service is configured alike. */
export const MAX_DELIVERIES = 2;
const HARNESS_ERRORS = 3;
const [FEE_PARTS, FEE_WHOLE] = [25n, 1_000n];

export interface Held {
  escrow: bigint;
  bond: bigint;
}

export interface ModelJob {
  readonly id: string;
  readonly client: Name;
  readonly seller: Name;
  readonly hasCriteria: boolean;
  readonly maxRounds: number;
  status: Status;
  price: bigint;
  clientPenalty: bigint;
  bond: bigint;
  rounds: number;
  lastOfferBy: Name;
  offeredAt: number;
  deadline: number | null;
  warnedOf: number | null;
  agreedAt: number;
  deliveredAt: number;
  failedAt: number;
  disputedAt: number;
  deliveries: number;
  /** What became of the run of the last delivery. */
  run: 'none' | 'pending' | 'pass' | 'fail' | 'error';
  harnessErrors: number;
  /** Who gets the price, and who the bond, once nobody disputes it any more. */
  forfeits: { priceTo: 'client'; bondTo: 'client' | 'seller' } | null;
  held: Held | null;
  settled: boolean;
  completedByClient: boolean;
  awarded: bigint | null;
  /** Every offer to settle, in order; those before `endedOffers` no longer fit where the job stands. */
  readonly offers: { by: Name; client: bigint; seller: bigint }[];
  endedOffers: number;
  /** How much evidence each party has shown. */
  readonly evidence: Partial<Record<Name, number>>;
  /** The kinds of the negotiation log's steps since the agreement. */
  readonly settling: string[];
  readonly reviewers: Set<Name>;
  readonly events: string[];
  readonly heard: { readonly client: string[]; readonly seller: string[] };
}

export interface Model {
  now: number;
  readonly available: Record<Name, bigint>;
  readonly suspended: Set<Name>;
  /** The events of each agent's suspensions. */
  readonly governed: Record<Name, string[]>;
  readonly jobs: ModelJob[];
  fees: bigint;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
}

export function newModel(now: number): Model {
  return {
    now,
    available: { ann: 0n, ben: 0n, cid: 0n },
    suspended: new Set(),
    governed: { ann: [], ben: [], cid: [] },
    jobs: [],
    fees: 0n,
  };
}

/** Who hears of what; of a counter it is the party that did not make it. */
const AUDIENCE: Readonly<Record<string, 'client' | 'seller'>> = {
  'job.proposed': 'seller',
  'job.funded': 'seller',
  'job.deadline_warning': 'seller',
  'job.started': 'client',
  'job.delivered': 'client',
};

export function tell(job: ModelJob, event: string, only = AUDIENCE[event]): void {
  job.events.push(event);
  if (only !== 'seller') job.heard.client.push(event);
  if (only !== 'client') job.heard.seller.push(event);
}

export interface ModelTimer {
  readonly name: string;
  readonly at: number;
}

/** The timers that the table of states gives a job. */
export function timersOf(job: ModelJob): ModelTimer[] {
  const { deadline } = job;
  switch (job.status) {
    case 'proposed':
    case 'negotiating':
      return [{ name: 'proposal_expiry', at: job.offeredAt + PROPOSAL_EXPIRY }];
    case 'agreed':
      return [{ name: 'funding_window', at: job.agreedAt + FUNDING_WINDOW }];
    case 'funded':
    case 'in_progress':
      if (deadline === null) throw new Error('no funded job is without a deadline');
      return [
        ...(job.warnedOf === deadline ? [] : [{ name: 'deadline_warning', at: deadline - WARNING }]),
        { name: 'delivery_deadline', at: deadline },
      ];
    case 'delivered':
    case 'verifying':
      return job.hasCriteria
        ? [{ name: 'verification_limit', at: job.deliveredAt + VERIFICATION_LIMIT }]
        : [{ name: 'review_window', at: job.deliveredAt + REVIEW_WINDOW }];
    case 'failed':
      return job.settled ? [] : [{ name: 'dispute_window', at: job.failedAt + DISPUTE_WINDOW }];
    case 'disputed':
      return [{ name: 'dispute_resolution', at: job.disputedAt + DISPUTE_RESOLUTION }];
    default:
      return [];
  }
}

/** Whether time has ended the state, whether or not a timer has fired. */
export function isTimeUp(model: Model, job: ModelJob): boolean {
  return timersOf(job).some(({ name, at }) => name !== 'deadline_warning' && at <= model.now);
}

/** The next moment at which anything happens by itself. */
export function nextTimer(model: Model): number | null {
  const times = model.jobs.flatMap(timersOf).map(({ at }) => at);
  return times.length === 0 ? null : Math.min(...times);
}

/** Lets every timer fire whose time has come, each job's in the order of their times. */
export function fireTimers(model: Model): void {
  for (const job of model.jobs) {
    for (;;) {
      const [due] = timersOf(job)
        .filter(({ at }) => at <= model.now)
        .sort((a, b) => a.at - b.at);
      if (due === undefined) break;
      fire(model, job, due.name);
    }
  }
}

function fire(model: Model, job: ModelJob, timer: string): void {
  switch (timer) {
    case 'proposal_expiry':
    case 'funding_window':
      job.status = 'cancelled';
      tell(job, 'job.cancelled');
      return;
    case 'deadline_warning':
      job.warnedOf = job.deadline;
      tell(job, 'job.deadline_warning');
      return;
    case 'delivery_deadline':
      failJob(model, job, { priceTo: 'client', bondTo: 'client' });
      if (job.deliveries === 0) settleFailed(model, job);
      return;
    case 'review_window':
      payOut(model, job);
      return;
    case 'verification_limit':
      disputeUnavailable(model, job);
      return;
    case 'dispute_window':
      settleFailed(model, job);
      return;
    default:
      settleFailed(model, job);
      job.status = 'resolved';
      tell(job, 'job.resolved');
  }
}

/** 2.5 % of an amount in cents, rounded up. */
export function feeOf(amount: bigint): bigint {
  return (amount * FEE_PARTS + FEE_WHOLE - 1n) / FEE_WHOLE;
}

/** Empties what a job holds: so much to each party, the fee to the platform, and nothing left. */
export function empty(
  model: Model,
  job: ModelJob,
  to: { client: bigint; seller: bigint; fee: bigint },
): void {
  const held = job.held ?? { escrow: 0n, bond: 0n };
  if (to.client + to.seller + to.fee !== held.escrow + held.bond) throw new Error('the model loses money');
  model.available[job.client] += to.client;
  model.available[job.seller] += to.seller;
  model.fees += to.fee;
  job.held = { escrow: 0n, bond: 0n };
  job.settled = true;
}

/** A delivery, a verdict and a failure change what offers to settle are worth: nobody can be held to one that was made before. */
export function endOffers(job: ModelJob): void {
  job.endedOffers = job.offers.length;
}

export function payOut(model: Model, job: ModelJob): void {
  const fee = feeOf(job.price);
  empty(model, job, { client: 0n, seller: job.price - fee + job.bond, fee });
  job.status = 'completed';
  tell(job, 'job.completed');
}

export function failJob(model: Model, job: ModelJob, forfeits: NonNullable<ModelJob['forfeits']>): void {
  endOffers(job);
  job.status = 'failed';
  job.failedAt = model.now;
  job.forfeits = forfeits;
  tell(job, 'job.failed');
}

export function settleFailed(model: Model, job: ModelJob): void {
  if (job.forfeits === null) throw new Error('a failed job knows who gets what');
  const { bondTo } = job.forfeits;
  empty(model, job, {
    client: job.price + (bondTo === 'client' ? job.bond : 0n),
    seller: bondTo === 'seller' ? job.bond : 0n,
    fee: 0n,
  });
}

function disputeUnavailable(model: Model, job: ModelJob): void {
  endOffers(job);
  if (job.run === 'pending') job.run = 'error';
  job.forfeits = { priceTo: 'client', bondTo: 'seller' };
  job.status = 'disputed';
  job.disputedAt = model.now;
  tell(job, 'job.disputed');
}

/** What the test-runner's word does to a job whose delivery it judges. Errors and outages leave it `verifying`. */
export function recordVerdict(model: Model, job: ModelJob, word: 'pass' | 'fail' | 'error' | 'outage'): void {
  job.status = 'verifying';
  if (word === 'outage') return;
  if (word === 'error') {
    job.harnessErrors += 1;
    if (job.harnessErrors < HARNESS_ERRORS) return;
    job.run = 'error';
    disputeUnavailable(model, job);
    return;
  }
  endOffers(job);
  job.run = word;
  if (word === 'pass') {
    payOut(model, job);
    return;
  }
  tell(job, 'job.verification_failed');
  if (job.deliveries >= MAX_DELIVERIES) {
    failJob(model, job, { priceTo: 'client', bondTo: 'client' });
    return;
  }
  job.status = 'in_progress';
  job.deadline = (job.deadline ?? 0) + model.now - job.deliveredAt;
}
