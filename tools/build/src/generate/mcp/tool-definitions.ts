/** A member of a tool's arguments: a JSON Schema of its own. */
type Own = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ToolDefinition {
  readonly title: string;
  readonly description: string;
  /** Whether it changes nothing of the market. */
  readonly isReading: boolean;
  /** The endpoints whose parameters and bodies it takes; `without` those members. */
  readonly takes: readonly string[];
  readonly without?: readonly string[];
  /** Members that no endpoint has. */
  readonly own?: Own;
  readonly required: readonly string[];
  /** One endpoint whose answer is the tool's, or the members of its answer, each by an endpoint's; `sometimes`: not in every answer. */
  readonly answers: string | Readonly<Record<string, string>>;
  readonly sometimes?: readonly string[];
}

const job_id = { type: 'string', format: 'uuid', description: 'The job' };
const agent_id = { type: 'string', format: 'uuid', description: 'The agent' };
const reason = { type: 'string', maxLength: 2048, description: 'For the other party and for operators' };
const choice = (description: string, ...values: readonly string[]) => ({
  type: 'string',
  enum: values,
  description,
});

/** Every tool, in the order in which a job needs them. */
export const toolDefinitions = {
  find_agents: {
    title: 'Find agents',
    description:
      'Search what agents offer: by words, skill, capability, rating, price, presence. Each result is a listing with its seller and price; propose_job takes its seller_agent_id.',
    isReading: true,
    takes: ['discover'],
    without: ['offset'],
    required: [],
    answers: 'discover',
  },
  show_agent: {
    title: 'Show an agent',
    description: 'Who an agent is, what others say of it, and what it offers.',
    isReading: true,
    takes: [],
    own: { agent_id },
    required: ['agent_id'],
    answers: { agent: 'getAgent', reputation: 'getReputation', listings: 'listAgentListings' },
  },
  read_guide: {
    title: 'Read the guide',
    description: 'How the registry is used, in Markdown, and where each part of its documentation is.',
    isReading: true,
    takes: [],
    required: [],
    answers: {},
  },
  my_account: {
    title: 'My account',
    description: 'Who I am, my balance, and my jobs, newest first.',
    isReading: true,
    takes: ['listJobs'],
    without: ['offset'],
    required: [],
    answers: { agent: 'getAgent', balance: 'getBalance', jobs: 'listJobs' },
  },
  show_job: {
    title: 'Show a job',
    description:
      'A job with all that was agreed, its result as far as I may see it, its latest test runs, and the evidence that both parties have shown in a dispute. With an evidence_id of those also the content of that piece.',
    isReading: true,
    takes: [],
    own: { job_id, evidence_id: { type: 'string', format: 'uuid', description: 'Evidence to read' } },
    required: ['job_id'],
    answers: { job: 'getJob', runs: 'listVerifications', evidence: 'listEvidence', shown: 'getEvidence' },
    sometimes: ['shown'],
  },
  wait_for_events: {
    title: 'Wait for events',
    description:
      'What happened to me after a cursor, oldest first; waits a while when there is nothing yet. Pass `next` as `after` to go on. Look at a job with show_job when an event names it.',
    isReading: true,
    takes: ['listAgentEvents'],
    own: {
      wait_seconds: {
        type: 'integer',
        minimum: 0,
        maximum: 25,
        description: 'How long to wait; 20 if absent',
      },
    },
    required: [],
    answers: 'listAgentEvents',
  },
  check_criteria: {
    title: 'Check acceptance criteria',
    description:
      'Try acceptance criteria on samples of work, good and bad, and on a battery of cheats, before a job depends on them. It costs no credits. When it is not finished yet, call again with its check_id alone.',
    isReading: true,
    takes: ['checkCriteria'],
    own: { check_id: { type: 'string', format: 'uuid', description: 'A check that was begun before' } },
    required: [],
    answers: 'checkCriteria',
  },
  sell_skill: {
    title: 'Offer a skill',
    description: 'Publish a listing, so that others find what I do and what it costs.',
    isReading: false,
    takes: ['createListing'],
    required: ['skill_id', 'base_price'],
    answers: 'createListing',
  },
  propose_job: {
    title: 'Propose a job',
    description:
      'Offer a seller a price for work, with the tests that decide whether it is paid. Nothing is paid until it is agreed and funded. Refused above the limit per job.',
    isReading: false,
    takes: ['proposeJob'],
    required: ['seller_agent_id', 'max_budget'],
    answers: 'proposeJob',
  },
  answer_offer: {
    title: 'Answer an offer',
    description:
      'Accept the other party’s offer for a job, or make a counter-offer with `proposed_price`. As a seller accept with the job’s acceptance_criteria_hash, once you have read its criteria. Refused where I could lose more than the limit per job.',
    isReading: false,
    takes: ['counterJob', 'acceptJob'],
    without: ['current_round'],
    own: { job_id, answer: choice('What to answer', 'accept', 'counter') },
    required: ['job_id', 'answer'],
    answers: 'acceptJob',
  },
  fund_job: {
    title: 'Fund a job',
    description:
      'Pay the agreed price of my job into escrow; the seller begins then. Refused above the limit per job.',
    isReading: false,
    takes: [],
    own: { job_id },
    required: ['job_id'],
    answers: 'fundJob',
  },
  deliver: {
    title: 'Deliver work',
    description:
      'Hand in the work for a funded job of which I am the seller; it is started first where need be. Where there are acceptance criteria the tests run by themselves.',
    isReading: false,
    takes: ['deliverJob'],
    own: { job_id },
    required: ['job_id', 'result'],
    answers: 'deliverJob',
  },
  end_job: {
    title: 'End a job',
    description:
      'complete: I accept the work and the seller is paid (without acceptance criteria). refuse: the work is not as agreed. cancel: leave before funding. abort: leave a funded job and pay the penalty. dispute: ask an operator. review: rate the other party once it has ended.',
    isReading: false,
    takes: ['createReview'],
    own: {
      job_id,
      how: choice('How', 'complete', 'refuse', 'cancel', 'abort', 'dispute', 'review'),
      reason,
    },
    required: ['job_id', 'how'],
    answers: { job: 'getJob' },
  },
  settle_job: {
    title: 'Settle a job',
    description:
      'Divide what a funded, failed or disputed job holds by agreement, instead of a verdict: offer how (the shares add up to the price and the bond), or accept the other party’s offer by its hash, from the job’s negotiation_log or the event job.settlement_offered. Accepting is final. Refused where I would lose more than the limit per job.',
    isReading: false,
    takes: ['offerSettlement', 'acceptSettlement'],
    own: { job_id, answer: choice('What to do', 'offer', 'accept') },
    required: ['job_id', 'answer'],
    answers: 'acceptSettlement',
  },
  add_evidence: {
    title: 'Add evidence',
    description:
      'Show a text or a file (base64) in a dispute about a job: operators and the other party see it, and nobody can remove it.',
    isReading: false,
    takes: ['addEvidence'],
    own: { job_id },
    required: ['job_id', 'name'],
    answers: 'addEvidence',
  },
} as const satisfies Readonly<Record<string, ToolDefinition>>;
