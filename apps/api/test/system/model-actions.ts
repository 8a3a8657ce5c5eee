import {
  DEFAULT_DEADLINE,
  empty,
  endOffers,
  failJob,
  feeOf,
  isTimeUp,
  LONGEST_DEADLINE,
  type Model,
  type ModelJob,
  type Name,
  payOut,
  type Refusal,
  type Status,
  tell,
} from './market-model.ts';

export const refuse = (status: number, code: string): Refusal => ({ status, code });
export const INVALID_STATE = refuse(409, 'invalid_state');

/** Everything a party can do to a job that takes no more than itself. */
export const PLAIN_ACTIONS = [
  'accept',
  'cancel',
  'fund',
  'start',
  'deliver',
  'verify',
  'complete',
  'fail',
  'abort',
  'dispute',
] as const;
export type PlainAction = (typeof PLAIN_ACTIONS)[number];

const PARTY_OF: Partial<Record<PlainAction, 'client' | 'seller'>> = {
  fund: 'client',
  start: 'seller',
  deliver: 'seller',
  verify: 'client',
  complete: 'client',
  fail: 'client',
};
const STATES: Record<Exclude<PlainAction, 'verify'> | 'counter', readonly Status[]> = {
  counter: ['proposed', 'negotiating'],
  accept: ['proposed', 'negotiating'],
  cancel: ['proposed', 'negotiating', 'agreed'],
  fund: ['agreed'],
  start: ['funded'],
  deliver: ['in_progress'],
  complete: ['delivered'],
  fail: ['delivered'],
  abort: ['funded', 'in_progress'],
  dispute: ['failed'],
};

/** Whether the state alone allows an action. */
export function mayTake(status: Status, action: PlainAction | 'counter'): boolean {
  return STATES[action === 'verify' ? 'complete' : action].includes(status);
}

/** Who may not ask at all: the suspended, strangers to the job, and the party whose act it is not. */
export function turnedAway(model: Model, job: ModelJob, who: Name, by?: 'client' | 'seller'): Refusal | null {
  if (model.suspended.has(who)) return refuse(403, 'agent_suspended');
  if (who !== job.client && who !== job.seller) return refuse(404, 'not_found');
  return by !== undefined && job[by] !== who ? refuse(403, 'wrong_party') : null;
}

function refusedInState(model: Model, job: ModelJob, action: keyof typeof STATES): Refusal | null {
  return STATES[action].includes(job.status) && !isTimeUp(model, job) ? null : INVALID_STATE;
}

/** Whether a party's plain action is refused, and how; null when it happened. */
export function act(model: Model, job: ModelJob, who: Name, action: PlainAction): Refusal | null {
  const away = turnedAway(model, job, who, PARTY_OF[action]);
  if (away !== null) return away;
  if (action === 'verify') return verify(model, job);
  const refusal = refusedInState(model, job, action) ?? refusedFor(model, job, who, action);
  if (refusal === null) EFFECTS[action](model, job, who);
  return refusal;
}

function refusedFor(model: Model, job: ModelJob, who: Name, action: PlainAction): Refusal | null {
  switch (action) {
    case 'accept':
      if (job.lastOfferBy === who) return refuse(409, 'own_offer');
      return job.deadline !== null && job.deadline <= model.now ? INVALID_STATE : null;
    case 'fund':
      if (model.suspended.has(job.seller)) return INVALID_STATE;
      return model.available[job.client] < job.price || model.available[job.seller] < job.bond
        ? refuse(422, 'insufficient_funds')
        : null;
    case 'complete':
    case 'fail':
      return job.hasCriteria ? refuse(409, 'criteria_decide') : null;
    case 'dispute':
      return job.settled ? INVALID_STATE : null;
    default:
      return null;
  }
}

type Effect = (model: Model, job: ModelJob, who: Name) => void;

const EFFECTS: Record<Exclude<PlainAction, 'verify'>, Effect> = {
  accept: (model, job) => {
    job.status = 'agreed';
    job.agreedAt = model.now;
    job.deadline ??= model.now + DEFAULT_DEADLINE;
    tell(job, 'job.accepted');
  },
  cancel: (_model, job) => {
    job.status = 'cancelled';
    tell(job, 'job.cancelled');
  },
  fund: (model, job) => {
    model.available[job.client] -= job.price;
    model.available[job.seller] -= job.bond;
    job.held = { escrow: job.price, bond: job.bond };
    job.deadline = (job.deadline ?? 0) + model.now - job.agreedAt;
    job.status = 'funded';
    tell(job, 'job.funded');
  },
  start: (_model, job) => {
    job.status = 'in_progress';
    tell(job, 'job.started');
  },
  deliver: (model, job) => {
    endOffers(job);
    job.status = 'delivered';
    job.deliveredAt = model.now;
    job.deliveries += 1;
    job.run = job.hasCriteria ? 'pending' : 'none';
    job.harnessErrors = 0;
    tell(job, 'job.delivered');
  },
  complete: (model, job) => {
    job.completedByClient = true;
    payOut(model, job);
  },
  fail: (model, job) => failJob(model, job, { priceTo: 'client', bondTo: 'seller' }),
  abort: (model, job, who) => {
    const isClient = who === job.client;
    empty(model, job, {
      client: isClient ? job.price - job.clientPenalty : job.price + job.bond,
      seller: isClient ? job.clientPenalty + job.bond : 0n,
      fee: 0n,
    });
    job.status = 'cancelled';
    tell(job, 'job.cancelled');
  },
  dispute: (model, job) => {
    job.status = 'disputed';
    job.disputedAt = model.now;
    tell(job, 'job.disputed');
  },
};

/** With criteria it waits for a verdict and changes nothing; without, it completes the job, and asked again says so again. */
function verify(model: Model, job: ModelJob): Refusal | null {
  if (job.hasCriteria) return job.deliveries === 0 ? INVALID_STATE : null;
  if (job.completedByClient) return null;
  const refusal = refusedInState(model, job, 'complete');
  if (refusal === null) EFFECTS.complete(model, job, job.client);
  return refusal;
}

export interface Terms {
  readonly price: bigint;
  readonly clientPenalty: bigint;
  readonly bond: bigint;
}

export interface Proposal extends Terms {
  readonly client: Name;
  readonly seller: Name;
  readonly hasCriteria: boolean;
  readonly maxRounds: number;
  /** From now on, in milliseconds; null for the default. */
  readonly deadlineIn: number | null;
}

const areTermsWrong = (terms: Terms): boolean =>
  terms.clientPenalty > terms.price || terms.bond > terms.price;
export const INVALID = refuse(422, 'validation_failed');

export function refusedProposal(model: Model, proposal: Proposal): Refusal | null {
  if (model.suspended.has(proposal.client)) return refuse(403, 'agent_suspended');
  const { deadlineIn } = proposal;
  if (areTermsWrong(proposal) || proposal.seller === proposal.client) return INVALID;
  if (deadlineIn !== null && (deadlineIn <= 0 || deadlineIn > LONGEST_DEADLINE)) return INVALID;
  return model.suspended.has(proposal.seller) ? INVALID_STATE : null;
}

export function propose(model: Model, proposal: Proposal, id: string): void {
  const { deadlineIn, clientPenalty, ...rest } = proposal;
  const job: ModelJob = {
    ...rest,
    id,
    clientPenalty,
    status: 'proposed',
    rounds: 0,
    lastOfferBy: proposal.client,
    offeredAt: model.now,
    deadline: deadlineIn === null ? null : model.now + deadlineIn,
    warnedOf: null,
    agreedAt: 0,
    deliveredAt: 0,
    failedAt: 0,
    disputedAt: 0,
    deliveries: 0,
    run: 'none',
    harnessErrors: 0,
    forfeits: null,
    held: null,
    settled: false,
    completedByClient: false,
    awarded: null,
    offers: [],
    endedOffers: 0,
    evidence: {},
    settling: [],
    reviewers: new Set(),
    events: [],
    heard: { client: [], seller: [] },
  };
  tell(job, 'job.proposed');
  model.jobs.push(job);
}

/** What a counter leaves out stays as it was; the terms that result are what counts. */
export function counter(
  model: Model,
  job: ModelJob,
  who: Name,
  offer: Pick<Terms, 'price'> & Partial<Terms>,
): Refusal | null {
  const refusal = turnedAway(model, job, who) ?? refusedInState(model, job, 'counter');
  if (refusal !== null) return refusal;
  if (job.status === 'negotiating' && job.lastOfferBy === who) return refuse(409, 'own_offer');
  if (job.rounds >= job.maxRounds) return refuse(409, 'rounds_exhausted');
  const terms = {
    price: offer.price,
    clientPenalty: offer.clientPenalty ?? job.clientPenalty,
    bond: offer.bond ?? job.bond,
  };
  if (areTermsWrong(terms)) return INVALID;
  Object.assign(job, terms, { status: 'negotiating', lastOfferBy: who, offeredAt: model.now });
  job.rounds += 1;
  tell(job, 'job.counter_received', who === job.client ? 'seller' : 'client');
  return null;
}

const REVIEWABLE: readonly Status[] = ['completed', 'failed', 'resolved'];

export function review(model: Model, job: ModelJob, who: Name): Refusal | null {
  const away = turnedAway(model, job, who);
  if (away !== null) return away;
  if (!REVIEWABLE.includes(job.status) || job.held === null) return INVALID_STATE;
  if (job.reviewers.has(who)) return refuse(409, 'duplicate_review');
  job.reviewers.add(who);
  return null;
}

/** An operator's split: price plus bond exactly, the fee on what the seller gets above its bond. */
export function resolve(model: Model, job: ModelJob, client: bigint, seller: bigint): Refusal | null {
  if (job.status !== 'disputed') return INVALID_STATE;
  if (client + seller !== job.price + job.bond) return INVALID;
  const fee = seller > job.bond ? feeOf(seller - job.bond) : 0n;
  empty(model, job, { client, seller: seller - fee, fee });
  job.awarded = seller;
  job.status = 'resolved';
  tell(job, 'job.resolved');
  return null;
}

const RUNNING: readonly Status[] = ['agreed', 'funded', 'in_progress', 'delivered', 'verifying'];

export function extendDeadline(model: Model, job: ModelJob, deadline: number): Refusal | null {
  if (!RUNNING.includes(job.status)) return INVALID_STATE;
  if (deadline <= (job.deadline ?? 0) || deadline > model.now + LONGEST_DEADLINE) return INVALID;
  job.deadline = deadline;
  return null;
}

/** Whether the client is shown what was delivered. */
export function clientSees(job: ModelJob): boolean {
  if (job.deliveries === 0) return false;
  if (job.status === 'delivered') return !job.hasCriteria;
  return job.status === 'completed' || (job.status === 'resolved' && (job.awarded ?? 0n) > 0n);
}
