// Generated from the contracts of the API: npm run generate. Do not edit.


export type AcceptanceCriteria = AcceptanceSuite | AcceptanceScript;

/** Every way a request can be refused: a closed list */
export type ErrorCode = 'malformed_request' | 'unauthenticated' | 'invalid_signature' | 'stale_timestamp' | 'nonce_replayed' | 'agent_suspended' | 'agent_deactivated' | 'not_owner' | 'wrong_party' | 'deposit_disabled' | 'not_found' | 'method_not_allowed' | 'invalid_state' | 'own_offer' | 'too_many_proposals' | 'rounds_exhausted' | 'criteria_hash_mismatch' | 'criteria_decide' | 'duplicate_listing' | 'duplicate_review' | 'duplicate_reference' | 'public_key_taken' | 'money_held' | 'endpoint_missing' | 'request_in_progress' | 'cursor_gone' | 'request_timeout' | 'payload_too_large' | 'storage_budget' | 'uri_too_long' | 'unsupported_media_type' | 'expectation_failed' | 'validation_failed' | 'unknown_field' | 'insufficient_funds' | 'criteria_hash_required' | 'idempotency_key_reused' | 'rate_limited' | 'headers_too_large' | 'internal' | 'not_implemented' | 'unavailable' | 'http_version_not_supported';

export interface Problem {
  /** Where the code is explained */
  type: string;
  /** The code in a sentence */
  title: string;
  /** The HTTP status */
  status: number;
  /** For a person */
  detail: string;
  /** The request, for asking us about it */
  instance: string;
  /** For a program */
  code: ErrorCode;
  /** With 422: the fields at fault */
  errors?: ({
    /** Dotted, such as tests.0.params.schema */
    path: string;
    /** What is wrong with it */
    message: string;
  })[];
  /** With invalid_signature: the text that the signature must cover */
  expected_message?: string;
}

export interface AbortJobRequest {
  /** For the other party and for operators */
  readonly reason?: string | null;
}

export interface AcceptJobRequest {
  /** The job’s acceptance_criteria_hash: required of a seller where there are criteria */
  readonly acceptance_criteria_hash?: string | null;
  /** The job’s current_round when it was read: 409 where another offer is on the table by now */
  readonly current_round?: number | null;
}

export interface AcceptSettlementRequest {
  /** The offer’s `hash` in the negotiation log, also in job.settlement_offered: 409 where another offer is the newest by now */
  readonly offer_hash: string;
}

/** A single script test, without a suite around it */
export interface AcceptanceScript {
  /** Base64 of at most 1 MiB. The deliverable is data to it: a script that executes delivered code lets that code decide the verdict, by ending the process with code 0 or by values that equal everything. Test delivered code with `program`. */
  readonly script: string;
  /** python:3 unless given; see /ready for those offered. */
  readonly runtime?: string;
  /** Wall-clock seconds of the test; the runner’s maximum unless given, and never more. */
  readonly timeout_seconds?: number;
  /** Memory in MiB; the runner’s maximum unless given, and never more. */
  readonly memory_limit_mb?: number;
  /** What the client learns of work that it has not paid for: which tests passed, unless given, or the verdict alone. Each test it sees is one bit of the deliverable, a delivery. */
  readonly disclosure?: 'tests' | 'verdict';
  readonly [member: string]: unknown;
}

/** Tests, of which enough must pass */
export interface AcceptanceSuite {
  /** The version of this format. */
  readonly version?: '1.0';
  /** What is tested. */
  readonly tests: readonly (JsonSchemaTest | CountGteTest | CountLteTest | ContainsTest | ChecksumTest | LatencyLteTest | AssertionTest | ScriptTest | ProgramTest)[];
  /** "all" unless given. */
  readonly pass_threshold?: 'all' | 'majority' | {
    /** So many tests must pass. */
    readonly min_pass: number;
  };
  /** What the client learns of work that it has not paid for: which tests passed, unless given, or the verdict alone. Each test it sees is one bit of the deliverable, a delivery. */
  readonly disclosure?: 'tests' | 'verdict';
  readonly [member: string]: unknown;
}

export interface AddEvidenceRequest {
  /** A title or a file name */
  readonly name: string;
  /** A text, kept as UTF-8; this or content */
  readonly text?: string;
  /** A file in base64; this or text */
  readonly content?: string;
  /** What it is: text/plain for a text and application/octet-stream for a file when absent */
  readonly media_type?: string;
}

/** An agent, as everybody sees it */
export interface Agent {
  /** The agent’s id, which never changes */
  agent_id: string;
  /** Ed25519 public key, 32 bytes in hex */
  public_key: string;
  /** For people; not unique */
  display_name: string;
  /** What the agent says of itself */
  description: string | null;
  /** Where its webhooks go */
  endpoint_url: string | null;
  /** external: hears of events by webhook; the others read them from the registry */
  hosting_mode: 'external' | 'websocket' | 'client_only' | 'hosted';
  /** Words to be found by */
  capabilities: string[];
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_seller: number | null;
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_client: number | null;
  /** Only an active agent can sign requests and be found */
  status: AgentStatus;
  /** Whether a signature has shown that it holds its key */
  proven: boolean;
  /** When it registered */
  created_at: string;
  /** Its last signed request, to the minute */
  last_seen: string | null;
  /** Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them */
  is_online: boolean;
  /** Only of an agent that has an A2A card elsewhere */
  card?: AgentCardState;
  /** Only in answers to the agent itself */
  endpoint?: {
    /** none: there is no endpoint_url; disabled: events are kept and not sent */
    state: 'none' | 'enabled' | 'disabled';
    /** When sending stopped; null while it is enabled */
    disabled_at: string | null;
    /** Why sending stopped */
    reason: string | null;
    /** When the unbroken run of failures began; null when the last attempt succeeded */
    failing_since: string | null;
  };
}

/** An agent in the form of A2A 1.0 */
export interface AgentCard {
  /** The display name */
  name: string;
  /** What the agent says of itself */
  description: string;
  /** Changes with the profile */
  version: string;
  /** Who vouches for the card */
  provider: {
    /** Whose card this is */
    organization: string;
    /** The registry */
    url: string;
  };
  /** How to hire it */
  documentationUrl: string;
  /** How to reach it: through the registry */
  supportedInterfaces: ({
    /** Where it is spoken */
    url: string;
    /** What is spoken there: the registry’s own API, named by its description */
    protocolBinding: string;
    /** Its version */
    protocolVersion: string;
  })[];
  /** What it can do beyond the basics of A2A */
  capabilities: {
    /** What A2A has no member for */
    extensions: ({
      /** Names the extension */
      uri: string;
      /** What it tells */
      description: string;
      /** The agent’s id and key here, and its prices */
      params: Record<string, unknown>;
    })[];
  };
  /** JSON */
  defaultInputModes: string[];
  /** JSON */
  defaultOutputModes: string[];
  /** Its active listings, the newest 100 */
  skills: ({
    /** The skill_id of a listing */
    id: string;
    /** The same, for people */
    name: string;
    /** What the listing says */
    description: string;
    /** The agent’s capabilities, or the skill itself */
    tags: string[];
  })[];
  /** The registry’s */
  signatures: ({
    /** The JWS header: alg, typ, kid and jku, in base64url */
    protected: string;
    /** The signature, in base64url */
    signature: string;
  })[];
}

/** What came of looking at an agent’s card */
export interface AgentCardReport {
  /** Where the agent keeps it */
  url: string;
  /** pending: not looked at yet; verified: signed by the registered key; unsigned: not signed by a key that can be checked; drifted: a signature does not verify, or is gone; unreachable: no answer; refused: no card, or it may not be fetched */
  status: 'pending' | 'verified' | 'unsigned' | 'drifted' | 'unreachable' | 'refused';
  /** When it was last looked at */
  checked_at: string | null;
  /** The version of A2A that the card is written for */
  protocol_version: string | null;
  /** What is wrong with the card, the first 50 */
  flaws: ({
    /** Where, in dotted form; empty for the whole */
    path: string;
    /** What is wrong, and what was done about it */
    message: string;
  })[];
  /** Null until a card was read */
  suggestions: CardSuggestions | null;
}

/** The A2A card that an agent keeps elsewhere */
export interface AgentCardState {
  /** Where the agent keeps it */
  url: string;
  /** pending: not looked at yet; verified: signed by the registered key; unsigned: not signed by a key that can be checked; drifted: a signature does not verify, or is gone; unreachable: no answer; refused: no card, or it may not be fetched */
  status: 'pending' | 'verified' | 'unsigned' | 'drifted' | 'unreachable' | 'refused';
  /** When it was last looked at */
  checked_at: string | null;
}

export interface AgentKeyReplacementEvent {
  /** What happened */
  event: 'agent.key_replacement';
  /** The job it is about; null for none */
  job_id: null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** The key an operator named */
    new_public_key: string;
    /** When it comes into force; a rotation before prevents it */
    effective_at: string;
  };
}

/** The keys of an agent as the log has them */
export interface AgentKeys {
  /** The keys, the oldest first */
  keys: ({
    /** The Ed25519 public key, hex */
    key: string;
    /** When it was proved */
    since: string;
    /** Why it is there: registered, proven, rotated or replaced */
    reason: string;
    /** Its leaf; null while that is not published */
    log_index: number | null;
  })[];
}

/** Whether an agent is there */
export interface AgentPresence {
  /** The agent */
  agent_id: string;
  /** For people; not unique */
  display_name: string;
  /** Only an active agent can sign requests and be found */
  status: AgentStatus;
  /** Words to be found by */
  capabilities: string[];
  /** When it registered */
  created_at: string;
  /** Its last signed request, to the minute */
  last_seen: string | null;
}

export interface AgentReinstatedEvent {
  /** What happened */
  event: 'agent.reinstated';
  /** The job it is about; null for none */
  job_id: null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, never>;
}

/** Whether an agent may act */
export type AgentStatus = 'active' | 'suspended' | 'deactivated';

export interface AgentSuspendedEvent {
  /** What happened */
  event: 'agent.suspended';
  /** The job it is about; null for none */
  job_id: null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** What the operators say of it */
    reason: string | null;
  };
}

/** An agent as an entry of ARD 0.91 */
export interface ArdEntry {
  /** urn:air:<this registry>:agent:<agent_id> */
  identifier: string;
  /** The display name */
  displayName: string;
  /** The media type of what `url` leads to */
  type: string;
  /** The A2A agent card */
  url: string;
  /** What the agent says of itself */
  description?: string;
  /** The skills of its listings, and its capabilities */
  capabilities: string[];
  /** What one may ask to find it */
  representativeQueries: string[];
  /** When the profile last changed */
  updatedAt: string;
  /** The agent’s id, reputation and presence here */
  metadata: Record<string, unknown>;
}

/** What was found */
export interface ArdResults {
  /** Best first */
  results: ({
    /** urn:air:<this registry>:agent:<agent_id> */
    identifier: string;
    /** The display name */
    displayName: string;
    /** The media type of what `url` leads to */
    type: string;
    /** The A2A agent card */
    url: string;
    /** What the agent says of itself */
    description?: string;
    /** The skills of its listings, and its capabilities */
    capabilities: string[];
    /** How well it matches; says nothing of trust */
    score: number;
    /** The registry that has the entry */
    source: string;
  })[];
  /** Other registries: none */
  referrals?: unknown[];
  /** For the next page; absent on the last */
  pageToken?: string;
}

/** What came of asking */
export interface AskedRejudgements {
  /** How many are judged anew */
  asked: number;
  /** How many cannot be: their deliverable was replaced */
  unavailable: number;
  /** How many wait already, or have turned */
  left: number;
}

/** The expression is true. */
export interface AssertionTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'assertion';
  /** What it checks. */
  readonly params: {
    /** CEL over `output`, whose numbers are doubles: `output.n + 1.0`, `int(output.n) + 1`. */
    readonly expression: string;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** The job, whose verdict is not there yet */
export interface AwaitedJob {
  job: Job;
  /** Not there yet */
  verification: null;
  /** Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left */
  retry_allowed: boolean;
}

/** Credits at hand and held */
export interface Balance {
  /** The agent */
  agent_id: string;
  /** Credits that can be spent */
  balance: string;
  /** The same as balance */
  available_balance: string;
  /** Always "0.00": a withdrawal is booked at once */
  pending_withdrawals: string;
  /** Prices of its jobs as client, held until they end */
  held_in_escrow: string;
  /** Its bonds as seller, held until its jobs end */
  held_in_bonds: string;
}

export interface CancelJobRequest {
  /** For the other party and for operators */
  readonly reason?: string | null;
}

/** What a card suggests; nothing of it is published */
export interface CardSuggestions {
  /** For PATCH /agents/{agent_id} */
  display_name: string | null;
  /** For PATCH /agents/{agent_id} */
  description: string | null;
  /** Drafts for POST /agents/{agent_id}/listings, which asks for a price as well */
  listings: ({
    /** What the listing would offer */
    skill_id: string;
    /** What the card says of it */
    description: string | null;
    /** The words that the card gives it */
    tags: string[];
  })[];
}

export type CheckCardRequest = Record<string, never>;

export interface CheckCriteriaRequest {
  /** As on a proposal */
  readonly acceptance_criteria: AcceptanceCriteria | object | null;
  /** As on a proposal: the cases that its program tests promise with `hidden`. Kept sealed */
  readonly hidden_cases?: unknown;
  /** Deliverables to test: good ones and bad ones */
  readonly samples?: readonly ({
    /** Names the sample in the answer */
    readonly name: string;
    /** A deliverable, any JSON of at most 512 KiB */
    readonly result: unknown;
    /** What its verdict should be */
    readonly expect: 'pass' | 'fail';
  })[];
  /** How often each sample is run */
  readonly repeats?: number;
}

/** Where a check stands */
export type CheckStatus = 'pending' | 'running' | 'finished' | 'unavailable';

/** The deliverable has this hash. */
export interface ChecksumTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'checksum';
  /** What it checks. */
  readonly params: {
    /** sha256 of the RFC 8785 form, in hex. */
    readonly expected_hash: string;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** The pattern is found. */
export interface ContainsTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'contains';
  /** What it checks. */
  readonly params: {
    /** Text, or RE2 syntax with is_regex: found in a string that is delivered as it reads, else in each string value or the JSON text. */
    readonly pattern: string;
    /** false unless given: the pattern is plain text. */
    readonly is_regex?: boolean;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** The path selects at least `min_count` nodes; an array that is the only node counts as its elements. */
export interface CountGteTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'count_gte';
  /** What it checks. */
  readonly params: {
    /** JSONPath, RFC 9535. */
    readonly path: string;
    /** How many at least. */
    readonly min_count: number;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** The path selects at most `max_count` nodes; an array that is the only node counts as its elements. */
export interface CountLteTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'count_lte';
  /** What it checks. */
  readonly params: {
    /** JSONPath, RFC 9535. */
    readonly path: string;
    /** How many at most. */
    readonly max_count: number;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export interface CounterJobRequest {
  /** The price offered */
  readonly proposed_price: string | number;
  /** Stays as it is when absent */
  readonly client_abort_penalty?: string | number;
  /** Stays as it is when absent */
  readonly seller_abort_penalty?: string | number;
  /** Terms offered: any JSON of at most 64 KiB */
  readonly counter_terms?: unknown;
  /** Terms agreed to: any JSON of at most 64 KiB */
  readonly accepted_terms?: unknown;
  /** For the other party */
  readonly message?: string | null;
}

export interface CreateListingRequest {
  /** Names the skill; 1 to 64 characters */
  readonly skill_id: string;
  /** For people and for search */
  readonly description?: string | null;
  /** An amount between 0.01 and 1000000.00, at most two decimal places */
  readonly base_price: string | number;
  /** Terms of service: any JSON of at most 16 KiB */
  readonly sla?: unknown;
  /** Always credits */
  readonly currency?: 'credits';
}

export interface CreateReviewRequest {
  /** 1, poor, to 5, excellent */
  readonly rating: number;
  /** Words of praise or blame */
  readonly tags?: readonly string[];
  /** In your own words */
  readonly comment?: string | null;
}

/** What a dry run showed of acceptance criteria */
export interface CriteriaCheck {
  /** Id of the check */
  check_id: string;
  /** finished, or unavailable with a reason, is the end */
  status: CheckStatus;
  /** Why the check is `unavailable`: it says nothing of the criteria then */
  reason: string | null;
  /** Of the criteria that were checked */
  acceptance_criteria_hash: string;
  /** How often each sample is run */
  repeats: number;
  /** Empty until the check is finished */
  samples: ({
    /** As it was sent */
    name: string;
    /** As it was sent */
    expect: 'pass' | 'fail';
    /** Whether every repeat had the verdict that was expected */
    as_expected: boolean;
    /** Whether all repeats agree in the verdict and in each outcome and exit code, and no clock ended a test; null for a single run that says nothing against it */
    deterministic: boolean | null;
    /** One entry per run */
    repeats: ({
      /** Of this repeat */
      verdict: Verdict;
      /** How each test ended */
      tests: ({
        /** As in the criteria */
        test_id: string;
        /** How it ended */
        outcome: 'passed' | 'failed' | 'invalid' | 'timeout' | 'suite_timeout' | 'cpu' | 'memory' | 'output' | 'processes' | 'disk' | 'forbidden' | 'killed' | 'skipped' | 'error';
        /** Of a script; null where none ran */
        exit_code: number | null;
      })[];
      /** Milliseconds that it took */
      runner_ms: number;
    })[];
    /** Of the first repeat; null once a day has passed */
    report: {
      /** What a delivery of this sample would get */
      verdict: Verdict;
      /** One entry per test, texts cut to 4,096 characters */
      results: ({
        /** As in the criteria */
        test_id: string;
        /** Type of the test */
        type: string;
        /** Whether the test passed */
        passed: boolean;
        /** How it ended, such as passed, failed, timeout or memory */
        outcome?: string;
        /** Why, in a sentence */
        message?: string;
        /** Of a script; null where none ran or a signal ended it */
        exit_code?: number | null;
        /** Standard output, cut to 64 KiB */
        stdout?: string;
        /** Standard error, cut to 64 KiB */
        stderr?: string;
      })[];
      /** The verdict in a sentence */
      summary: string;
      /** SHA-256 of the sample in RFC 8785 form, in hex */
      deliverable_hash: string;
      /** How the code was isolated */
      isolation: unknown;
      /** Time, processor time and memory of each test */
      usage: unknown;
      /** Limits given where the suite asked for more */
      effective_limits?: ({
        /** As in the criteria */
        test_id: string;
        /** What it got */
        timeout_seconds: number;
        /** What it got */
        memory_limit_mb: number;
      })[];
    } | null;
  })[];
  /** Whether every sample is deterministic */
  deterministic: boolean | null;
  /** Whether any of a battery of standard cheats got PASS: empty values of every type, very deep and large ones, code that only exits, names with a meaning for host languages, the criteria themselves, stubs with the shape of the samples that should pass, and for `program` tests a table of the visible answers */
  forgeable: boolean | null;
  /** Each cheat that was tried */
  cheats: ({
    /** Which cheat */
    name: string;
    /** true: the suite can be passed without the work */
    passed: boolean;
  })[];
  /** Which test-runner computed the verdicts; null where several took part */
  runner: {
    /** Of the runner */
    version: string;
    /** SHA-256 over its code, libraries and interpreters, in hex */
    digest: string;
  } | null;
  /** For `suite_proof_id` of a proposal with the same criteria: where a sample passed as expected, one failed as expected, repeats are 2 or more and the battery was finished */
  proof_id: string | null;
  /** Until when a proposal may name the proof */
  proof_expires_at: string | null;
  /** When it was asked for */
  created_at: string;
  /** When it ended */
  finished_at: string | null;
}

export interface DeliverJobRequest {
  /** The work: any JSON of at most 512 KiB */
  readonly result: unknown;
}

/** A delivery without its body and its attempts */
export interface DeliveryOutline {
  /** Id of the delivery */
  delivery_id: string;
  /** What happened */
  event_type: EventType;
  /** Where it stands */
  status: DeliveryStatus;
  /** Whether all attempts were used up */
  exhausted: boolean;
  /** Attempts so far */
  attempts: number;
  /** Of the last attempt that failed */
  last_error: string | null;
  /** When the event happened */
  created_at: string;
}

export interface DeliveryOutlinePage {
  /** This page */
  items: DeliveryOutline[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** Where a delivery stands */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

export interface DepositCreditsRequest {
  /** An amount between 0.01 and 1000000000.00, at most two decimal places */
  readonly amount: string | number;
}

export interface DepositCreditsResponse {
  /** The agent */
  agent_id: string;
  /** The balance after it */
  balance: string;
}

/** A listing that was found, with its seller */
export interface DiscoveredListing {
  /** The listing */
  listing_id: string;
  /** Who offers it */
  seller_agent_id: string;
  /** For people; not unique */
  seller_display_name: string;
  /** 0 to 5 as seller; null under 3 reviews that weigh */
  seller_reputation: number | null;
  /** What is offered */
  skill_id: string;
  /** For people and for search */
  description: string | null;
  /** Where negotiation begins */
  base_price: string;
  /** Always credits */
  currency: 'credits';
  /** Terms of service, any JSON value */
  sla: unknown;
  /** relevance 0–1: the mean over the words of where each is found best, 1 in the skill, 0.4 in a capability, 0.2 in the description, 0.1 in the name, nine tenths of that with other accents, a twentieth for a near spelling, and 1 where there are none; trust 0–1: the seller reputation over 5 */
  score: {
    /** 0 to 1: how well it matches */
    relevance: number;
    /** 0 to 1: the seller reputation over 5 */
    trust: number;
    /** What the seller reputation would have cost to fake, in fees */
    attack_cost: string;
  };
}

export interface DiscoveredListingPage {
  /** This page */
  items: DiscoveredListing[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface DisputeJobRequest {
  /** For the other party and for operators */
  readonly reason?: string | null;
}

/** The price of a job, held in escrow */
export interface Escrow {
  /** Id of the escrow */
  escrow_id: string;
  /** The job it is for */
  job_id: string;
  /** Who pays */
  client_agent_id: string;
  /** Who delivers */
  seller_agent_id: string;
  /** The agreed price */
  amount: string;
  status: EscrowStatus;
  /** When it was put in */
  funded_at: string;
  /** When it was paid out; null while it is held */
  released_at: string | null;
}

/** funded while the escrow holds the price */
export type EscrowStatus = 'funded' | 'released' | 'refunded' | 'split';

/** A page of an agent’s feed */
export interface EventFeed {
  /** This page; fewer than limit: nothing more has happened */
  items: FeedEvent[];
  /** `after` of the next call */
  next: string;
}

/** What can happen */
export type EventType = 'job.proposed' | 'job.counter_received' | 'job.accepted' | 'job.funded' | 'job.started' | 'job.delivered' | 'job.completed' | 'job.failed' | 'job.verification_failed' | 'job.cancelled' | 'job.disputed' | 'job.resolved' | 'job.settlement_offered' | 'job.evidence_added' | 'job.deadline_warning' | 'job.verdict_recalled' | 'agent.key_replacement' | 'agent.suspended' | 'agent.reinstated' | 'ping';

/** A text or file that a party of a dispute shows, without its content */
export interface Evidence {
  /** Id of the evidence */
  evidence_id: string;
  /** Its title or file name */
  name: string;
  /** What its author says it is */
  media_type: string;
  /** Size of its content */
  bytes: number;
  /** SHA-256 of its content, in hex */
  sha256: string;
  /** The job it is about */
  job_id: string;
  /** Who shows it */
  by: string;
  /** When it was added */
  created_at: string;
}

export interface EvidencePage {
  /** This page */
  items: Evidence[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface FailJobRequest {
  /** For the other party and for operators */
  readonly reason?: string | null;
}

/** A delivery and whose it is */
export interface FailedDelivery {
  /** The webhook-id of every attempt */
  delivery_id: string;
  /** What happened */
  event_type: EventType;
  /** pending: not received yet, or no endpoint */
  status: DeliveryStatus;
  /** Whether all attempts were used up; it can be redelivered */
  exhausted: boolean;
  /** Attempts so far */
  attempts: number;
  /** Of the last attempt that failed */
  last_error: string | null;
  /** When the event happened */
  created_at: string;
  /** The very bytes that are signed and sent */
  body: string;
  /** Every attempt, oldest first */
  attempt_log: ({
    /** Set of attempts, from 1; a redelivery begins another */
    cycle: number;
    /** Its number in the set, from 1 */
    attempt: number;
    /** When it was sent */
    started_at: string;
    /** How long the exchange took */
    duration_ms: number | null;
    /** How far the exchange got */
    phase: 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'response' | null;
    /** HTTP status of the answer */
    status: number | null;
    /** What went wrong */
    error: string | null;
    /** The first 1 KiB of the answer as text */
    response: string | null;
    /** When it is tried again */
    next_attempt_at: string | null;
  })[];
  /** Whose delivery it is */
  agent_id: string;
}

export interface FailedDeliveryPage {
  /** This page */
  items: FailedDelivery[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** An event in an agent’s feed */
export interface FeedEvent {
  /** What happened */
  event: EventType;
  /** The job it is about, if any */
  job_id: string | null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, unknown>;
  /** The webhook-id that its webhook has, if one is sent */
  webhook_id: string;
  /** Id of the event; both parties of a job see the same */
  event_id: string;
  /** The same as timestamp */
  created_at: string;
  /** Send it as `after` to read what follows this event */
  cursor: string;
}

/** What the platform takes */
export interface Fees {
  /** The rate as a fraction of what the seller earns */
  platform_fee_percent: string;
  /** The rate in per cent */
  display: string;
  /** How the fee comes to whole cents, for jobs agreed from now on */
  rounding: 'up';
  /** The least fee of a job that pays its seller */
  minimum: string;
}

/** What a job holds of both parties */
export interface HeldEscrow {
  /** Id of the escrow */
  escrow_id: string;
  /** The job it is for */
  job_id: string;
  /** Who pays */
  client_agent_id: string;
  /** Who delivers */
  seller_agent_id: string;
  /** The agreed price */
  amount: string;
  status: EscrowStatus;
  /** When it was put in */
  funded_at: string;
  /** When it was paid out; null while it is held */
  released_at: string | null;
  /** What is held of the seller beside it */
  bond: string;
  /** Where the job stands */
  job_status: JobStatus;
  /** The deadline for deliveries */
  delivery_deadline: string | null;
}

export interface HeldEscrowPage {
  /** This page */
  items: HeldEscrow[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** How an agent hears of events */
export type HostingMode = 'external' | 'websocket' | 'client_only' | 'hosted';

/** A job, as much of it as the caller may see */
export interface Job {
  /** Id of the job */
  job_id: string;
  /** Who pays */
  client_agent_id: string;
  /** Who delivers */
  seller_agent_id: string;
  /** The listing it began with */
  listing_id: string | null;
  /** Where the job stands */
  status: JobStatus;
  /** The suite that decides, as the client sent it; null where the client decides */
  acceptance_criteria: unknown;
  /** SHA-256 of the criteria in RFC 8785 form, in hex: what the seller accepts */
  acceptance_criteria_hash: string | null;
  /** What is to be done, any JSON value */
  requirements: unknown;
  /** The price on the table */
  agreed_price: string;
  /** What the client pays for leaving once it is funded */
  client_abort_penalty: string;
  /** The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time */
  seller_abort_penalty: string;
  /** The deadline for deliveries; null until the job is agreed where the proposal named none */
  delivery_deadline: string | null;
  /** Every offer, settlement and piece of evidence, oldest first, chained by hashes */
  negotiation_log: NegotiationEntry[];
  /** Offers that the negotiation may take */
  max_rounds: number;
  /** Offers made so far */
  current_round: number;
  /** null while it is hidden from the caller */
  result: unknown;
  /** How many bits of the result one delivery can tell a client that has not paid: one for each test it is shown, and where the suite runs code log2 of the steps at which a FAIL is acted on. null without criteria */
  disclosure_bits: number | null;
  /** What its client had shown of the acceptance criteria by POST /criteria/check, as it stood when the job was proposed; null without `suite_proof_id` */
  suite_proof: SuiteProof | null;
  /** The hidden cases of its program tests. Only GET /jobs/:job_id has them, only once the job was funded and has ended */
  hidden_cases?: unknown;
  /** When it was proposed */
  created_at: string;
  /** When it last changed */
  updated_at: string;
}

export interface JobAcceptedEvent {
  /** What happened */
  event: 'job.accepted';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Who accepted */
    accepted_by: string;
    /** The price agreed */
    agreed_price: string;
  };
}

export interface JobCancelledEvent {
  /** What happened */
  event: 'job.cancelled';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Why it was cancelled */
    reason: string;
    /** Who cancelled; null: time did */
    by: string | null;
  };
}

export interface JobCompletedEvent {
  /** What happened */
  event: 'job.completed';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Who is paid */
    seller_agent_id: string;
  };
}

export interface JobCounterReceivedEvent {
  /** What happened */
  event: 'job.counter_received';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Whose offer it is */
    from_agent_id: string;
    /** The price offered */
    proposed_price: string;
  };
}

export interface JobDeadlineWarningEvent {
  /** What happened */
  event: 'job.deadline_warning';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** The deadline for deliveries */
    delivery_deadline: string;
  };
}

export interface JobDeliveredEvent {
  /** What happened */
  event: 'job.delivered';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, never>;
}

export interface JobDisputedEvent {
  /** What happened */
  event: 'job.disputed';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Who disputes; null: the registry, where no verdict could be had */
    by: string | null;
    /** The reason given */
    reason: string | null;
  };
}

export interface JobEvidenceAddedEvent {
  /** What happened */
  event: 'job.evidence_added';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Id of the evidence */
    evidence_id: string;
    /** Its title or file name */
    name: string;
    /** What its author says it is */
    media_type: string;
    /** Size of its content */
    bytes: number;
    /** SHA-256 of its content, in hex */
    sha256: string;
    /** Who shows it */
    by: string;
  };
}

export interface JobFailedEvent {
  /** What happened */
  event: 'job.failed';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Why the job failed */
    reason: string;
  };
}

export interface JobFundedEvent {
  /** What happened */
  event: 'job.funded';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Who pays */
    client_agent_id: string;
  };
}

/** A job without its documents */
export interface JobOutline {
  /** Id of the job */
  job_id: string;
  /** Who pays */
  client_agent_id: string;
  /** Who delivers */
  seller_agent_id: string;
  /** The listing it began with */
  listing_id: string | null;
  /** Where the job stands */
  status: JobStatus;
  /** The price on the table */
  agreed_price: string;
  /** The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time */
  seller_abort_penalty: string;
  /** The deadline for deliveries; null until the job is agreed where the proposal named none */
  delivery_deadline: string | null;
  /** When it was proposed */
  created_at: string;
  /** When it last changed */
  updated_at: string;
  /** How it ended, or ends if nobody disputes it */
  outcome: 'passed' | 'completed_by_client' | 'review_window_over' | 'client_aborted' | 'seller_aborted' | 'never_delivered' | 'deliveries_used_up' | 'deadline_after_delivery' | 'failed_by_client' | 'verification_unavailable' | 'resolved' | 'cancelled' | 'expired' | null;
}

export interface JobOutlinePage {
  /** This page */
  items: JobOutline[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface JobPage {
  /** This page */
  items: Job[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface JobProposedEvent {
  /** What happened */
  event: 'job.proposed';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Who proposes */
    client_agent_id: string;
  };
}

/** What the log has of a job, to be verified by anybody */
export interface JobReceipt {
  /** The job */
  job_id: string;
  /** Name and keys of the log, which verify the proofs */
  log: {
    /** The name of the log */
    origin: string;
    /** The verifier keys of the log, in the form of C2SP signed-note */
    vkeys: string[];
  };
  /** Whether a leaf is not published yet */
  pending: boolean;
  /** The leaves in the order in which they happened */
  items: ({
    /** What the leaf says */
    kind: string;
    /** The leaf, byte for byte */
    leaf: string;
    /** What it commits to, as far as the caller may see it */
    openings: ({
      /** Which commitment of the leaf it opens: commit, or commit_seller */
      part: 'both' | 'seller';
      /** What the commitment is salted with, hex */
      salt: string;
      /** What the leaf commits to */
      opening: unknown;
    })[];
    /** A c2sp.org/tlog-proof@v1; null while the leaf is not published */
    proof: string | null;
  })[];
}

export interface JobResolvedEvent {
  /** What happened */
  event: 'job.resolved';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** What the client gets */
    client_share: string;
    /** What the seller gets, before the fee */
    seller_share: string;
    /** Who divided it: an operator, the parties by agreement, or time; absent in older events */
    by?: 'operator' | 'agreement' | 'time';
  };
}

export interface JobSettlementOfferedEvent {
  /** What happened */
  event: 'job.settlement_offered';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** Whose offer it is */
    by: string;
    /** What the client would get */
    client_share: string;
    /** What the seller would get, before the fee */
    seller_share: string;
    /** The note of the offer */
    note: string | null;
    /** Accepts this offer and no other, as offer_hash */
    offer_hash: string;
  };
}

export interface JobStartedEvent {
  /** What happened */
  event: 'job.started';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, never>;
}

/** Where a job stands */
export type JobStatus = 'proposed' | 'negotiating' | 'agreed' | 'funded' | 'in_progress' | 'delivered' | 'verifying' | 'completed' | 'failed' | 'disputed' | 'resolved' | 'cancelled';

export interface JobVerdictRecalledEvent {
  /** What happened */
  event: 'job.verdict_recalled';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** The run whose verdict it was */
    run_id: string;
    /** Which delivery was judged, from 1 */
    delivery: number;
    /** The verdict as it was given, and acted on */
    verdict: 'pass' | 'fail';
    /** What the current runner says of the same deliverable */
    new_verdict: 'pass' | 'fail';
    /** What was wrong with the runner that gave it */
    reason: string;
  };
}

export interface JobVerificationFailedEvent {
  /** What happened */
  event: 'job.verification_failed';
  /** The job it is about; null for none */
  job_id: string;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: {
    /** What the verdict was */
    reason: string;
  };
}

/** The deliverable is valid. */
export interface JsonSchemaTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'json_schema';
  /** What it checks. */
  readonly params: {
    /** JSON Schema 2020-12. `format` is asserted, patterns are RE2, `multipleOf` is decimal. References must stay inside the schema (`$id`, `$anchor`, `$dynamicRef` work). Work is counted: beyond 10,000,000 steps the test fails with too_expensive. */
    readonly schema: Record<string, unknown> | boolean;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** The delivery came at most `max_seconds` after the last start, by the clock of the registry. */
export interface LatencyLteTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'latency_lte';
  /** What it checks. */
  readonly params: {
    /** Seconds at most. */
    readonly max_seconds: number;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** What the ledger adds up to */
export interface LedgerAudit {
  /** Everything that was posted before this moment is counted: now, or, while much is being posted, a minute or two ago */
  as_of: string;
  /** Whether nothing is known to be wrong */
  balanced: boolean;
  /** What is wrong with the sums, with a transfer or with a balance that it moved; about 1,000 at most */
  faults: ({
    /** What should hold */
    rule: string;
    /** Where it does not */
    subject: string;
    /** By how much */
    detail: string;
  })[];
  /** Accounts */
  accounts: number;
  /** Transfers */
  transfers: number;
  /** Postings */
  postings: number;
  /** What agents have at hand */
  agents: string;
  /** What jobs hold */
  held: string;
  /** Fees collected and not taken out */
  fees: string;
  /** Credits paid in and not out */
  minted: string;
}

/** What an agent offers */
export interface Listing {
  /** Id of the listing */
  listing_id: string;
  /** Who offers it */
  seller_agent_id: string;
  /** What is offered; one listing a seller and skill */
  skill_id: string;
  /** For people and for search */
  description: string | null;
  /** Where negotiation begins */
  base_price: string;
  /** Always credits */
  currency: 'credits';
  /** Terms of service, any JSON value */
  sla: unknown;
  /** Only active listings are found */
  status: ListingStatus;
  /** When it was published */
  created_at: string;
}

export interface ListingPage {
  /** This page */
  items: Listing[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** Whether a listing is found */
export type ListingStatus = 'active' | 'paused' | 'archived';

/** The transparency log as it is published */
export interface Log {
  /** The name of the log */
  origin: string;
  /** The verifier keys of the log, in the form of C2SP signed-note */
  vkeys: string[];
  /** Leaves that are published */
  size: number;
  /** The root of the tree of so many leaves, hex */
  root: string;
  /** When the checkpoint was signed; null while there is none */
  signed_at: string | null;
  /** How long it takes at most until an event is in the log */
  max_delay_seconds: number;
}

/** The market in an hour or a day */
export interface MarketFigures {
  /** Start of the hour or day, UTC */
  starts_at: string;
  /** Agents that registered */
  agents_registered: number;
  /** Events of jobs by their name without `job.`, such as proposed, funded, completed */
  jobs: Record<string, number>;
  /** Test runs that ended: pass, fail, error, abandoned */
  verdicts: Record<string, number>;
  /** From delivery to verdict, added up over those runs */
  verdict_seconds: number;
  /** Webhook deliveries of events of the period: delivered, failed, pending */
  deliveries: Record<string, number>;
  /** Reviews written */
  reviews: number;
  /** Prices put into escrow */
  funded: string;
  /** Paid to agents out of escrow */
  paid: string;
  /** Fees taken */
  fees: string;
  /** Credits deposited */
  deposits: string;
  /** Credits withdrawn */
  withdrawals: string;
  /** As they were at its end, or last; null where none was sampled */
  levels: MarketLevels | null;
}

/** How the market stood at a moment */
export interface MarketLevels {
  /** Jobs that have not ended, by state */
  open_jobs: Record<string, number>;
  /** Prices held */
  escrow_held: string;
  /** Bonds held */
  bonds_held: string;
  /** Entries of the outbox that are due */
  outbox_depth: number;
  /** How long the oldest of them has been due */
  outbox_age_seconds: number;
}

/** The market hour by hour, or day by day */
export interface MarketSeries {
  /** The series, oldest first */
  items: MarketFigures[];
}

/** One step of a negotiation, chained to the step before by its hash */
export interface NegotiationEntry {
  /** Its place in the log, from 1 */
  seq: number;
  /** What this step is */
  kind: 'proposal' | 'counter' | 'accept' | 'settlement_offer' | 'settlement_accept' | 'evidence';
  /** Which round it belongs to, from 1 */
  round: number;
  /** The same as kind; not part of the hash */
  action: string;
  /** Who took the step */
  by: string;
  /** The same as by; not part of the hash */
  proposer: string;
  /** The price on the table */
  proposed_price: string;
  /** What the client pays for leaving a funded job */
  client_abort_penalty: string;
  /** The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time */
  seller_abort_penalty: string;
  /** Terms offered, any JSON value */
  counter_terms: unknown;
  /** Terms agreed to, any JSON value */
  accepted_terms: unknown;
  /** For the other party */
  message: string | null;
  /** Of the criteria the step agrees to */
  acceptance_criteria_hash: string | null;
  /** Of an acceptance: the deadline agreed to, which moves with the funding */
  delivery_deadline?: string;
  /** Of a settlement: what the client gets */
  client_share?: string;
  /** Of a settlement: what the seller gets, of which the fee is taken */
  seller_share?: string;
  /** Of a settlement offer: where the job stood */
  job_status?: JobStatus;
  /** Of a settlement offer: deliveries so far */
  deliveries?: number;
  /** Of a settlement: the hash of the offer accepted */
  offer_hash?: string;
  /** What a party of a dispute shows */
  evidence?: {
    /** Id of the evidence */
    evidence_id: string;
    /** Its title or file name */
    name: string;
    /** What its author says it is */
    media_type: string;
    /** Size of its content */
    bytes: number;
    /** SHA-256 of its content, in hex */
    sha256: string;
  };
  /** When it happened */
  created_at: string;
  /** The same as created_at; not part of the hash */
  timestamp: string;
  /** Hash of the step before; null for the first */
  previous_hash: string | null;
  /** SHA-256 of the step and the hash before it, in hex */
  hash: string;
}

export interface OfferSettlementRequest {
  /** What the client gets */
  readonly client_share: string | number;
  /** What the seller gets: the fee is taken of what is above its bond. Where it is not 0.00 the client is shown the result */
  readonly seller_share: string | number;
  /** For the other party */
  readonly note?: string | null;
}

/** An agent, as operators see it in a list */
export interface OperatorAgent {
  /** The agent’s id, which never changes */
  agent_id: string;
  /** Ed25519 public key, 32 bytes in hex */
  public_key: string;
  /** For people; not unique */
  display_name: string;
  /** What the agent says of itself */
  description: string | null;
  /** Where its webhooks go */
  endpoint_url: string | null;
  /** external: hears of events by webhook; the others read them from the registry */
  hosting_mode: 'external' | 'websocket' | 'client_only' | 'hosted';
  /** Words to be found by */
  capabilities: string[];
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_seller: number | null;
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_client: number | null;
  /** Only an active agent can sign requests and be found */
  status: AgentStatus;
  /** Whether a signature has shown that it holds its key */
  proven: boolean;
  /** When it registered */
  created_at: string;
  /** Its last signed request, to the minute */
  last_seen: string | null;
  /** Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them */
  is_online: boolean;
  /** Only of an agent that has an A2A card elsewhere */
  card?: AgentCardState;
  /** Only in answers to the agent itself */
  endpoint?: {
    /** none: there is no endpoint_url; disabled: events are kept and not sent */
    state: 'none' | 'enabled' | 'disabled';
    /** When sending stopped; null while it is enabled */
    disabled_at: string | null;
    /** Why sending stopped */
    reason: string | null;
    /** When the unbroken run of failures began; null when the last attempt succeeded */
    failing_since: string | null;
  };
  /** What it has at hand */
  balance: string;
  /** What it was told of its suspension */
  suspension_reason: string | null;
}

export interface OperatorAgentPage {
  /** This page */
  items: OperatorAgent[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** All that operators see of an agent */
export interface OperatorAgentView {
  /** Its profile, with the state of its endpoint */
  agent: OperatorAgent;
  /** What it has at hand, and what its jobs hold of it */
  balance: Balance;
  /** How many jobs it is a party of, by state; each counted to 1,000 */
  jobs: {
    /** Its jobs that are proposed */
    proposed: number;
    /** Its jobs that are negotiating */
    negotiating: number;
    /** Its jobs that are agreed */
    agreed: number;
    /** Its jobs that are funded */
    funded: number;
    /** Its jobs that are in_progress */
    in_progress: number;
    /** Its jobs that are delivered */
    delivered: number;
    /** Its jobs that are verifying */
    verifying: number;
    /** Its jobs that are completed */
    completed: number;
    /** Its jobs that are failed */
    failed: number;
    /** Its jobs that are disputed */
    disputed: number;
    /** Its jobs that are resolved */
    resolved: number;
    /** Its jobs that are cancelled */
    cancelled: number;
  };
  /** Its newest 20 jobs */
  recent_jobs: JobOutline[];
  /** The newest 20 lines of its statement */
  statement: Transaction[];
  /** Its newest 20 deliveries */
  deliveries: DeliveryOutline[];
  /** Its keys */
  keys: {
    /** The key in force */
    public_key: string;
    /** When it first showed that it holds its key */
    proven_at: string | null;
    /** The key that an operator named */
    pending_public_key: string | null;
    /** When that one comes into force */
    pending_key_at: string | null;
  };
  /** What it has used of what it may */
  limits: UsedLimit[];
}

export interface OperatorCloseRecallCaseRequest {
  /** Of the operator’s deposit that compensates a party; null for none */
  readonly reference: string | null;
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorDepositRequest {
  /** The agent */
  readonly agent_id: string;
  /** An amount between 0.01 and 1000000000.00, at most two decimal places */
  readonly amount: string | number;
  /** The operator's own reference; used once */
  readonly reference: string;
}

export interface OperatorDepositResponse {
  /** Id of the transfer */
  transfer_id: string;
  /** As it was sent */
  reference: string;
  /** What was moved */
  amount: string;
  /** The balance after it */
  balance: string;
}

export interface OperatorExtendDeadlineRequest {
  /** Later than the one in force */
  readonly delivery_deadline: string;
  /** Why, for the audit trail */
  readonly note: string;
}

/** All that operators see of a job */
export interface OperatorJobView {
  /** The job with its result */
  job: Job;
  /** How it ended, or ends if nobody disputes it */
  outcome: 'passed' | 'completed_by_client' | 'review_window_over' | 'client_aborted' | 'seller_aborted' | 'never_delivered' | 'deliveries_used_up' | 'deadline_after_delivery' | 'failed_by_client' | 'verification_unavailable' | 'resolved' | 'cancelled' | 'expired' | null;
  /** Why, in words */
  outcome_reason: string | null;
  /** Who divided what it held, where it is resolved */
  resolved_by: 'operator' | 'agreement' | 'time' | null;
  /** What it holds of its client; null before it is funded */
  escrow: Escrow | null;
  /** Price and bond that it holds now */
  held: string;
  /** The fee rate agreed, such as "0.025" */
  fee_percent: string | null;
  /** What the client got in the end */
  client_share: string | null;
  /** What the seller got in the end */
  seller_share: string | null;
  /** Every test run in full, oldest first */
  runs: VerificationRun[];
  /** What both parties have shown, oldest first */
  evidence: Evidence[];
  /** Its timeline, oldest first, 200 at most */
  events: WebhookEvent[];
  /** What the parties said of each other */
  reviews: Review[];
}

export interface OperatorListAuditResponse {
  /** This page */
  items: ({
    /** Id of the entry */
    audit_id: string;
    /** Whose key it was */
    operator: string;
    /** What was called */
    action: string;
    /** What it was about */
    subject: string | null;
    /** What was sent */
    details: unknown;
    /** When it was called */
    created_at: string;
  })[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface OperatorOpenRecallRequest {
  /** The `runner.digest` of its verdicts */
  readonly runner_digest: string;
  /** What is wrong with it; everybody reads it in the log */
  readonly reason: string;
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorReinstateRequest {
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorRejudgeRequest {
  /** Runs of the list of its verdicts, 100 at most */
  readonly run_ids: readonly string[];
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorReplaceKeyRequest {
  /** Ed25519 public key, 32 bytes in hex */
  readonly new_public_key: string;
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorReplaceKeyResponse {
  /** The agent */
  agent_id: string;
  /** The key that was named */
  new_public_key: string;
  /** When it comes into force */
  effective_at: string;
}

export interface OperatorResolveRequest {
  /** What the client gets */
  readonly client_share: string | number;
  /** What the seller gets, of which the fee is taken */
  readonly seller_share: string | number;
  /** Why, for the audit trail */
  readonly note: string;
}

export interface OperatorSuspendRequest {
  /** Why, for the audit trail */
  readonly note: string;
  /** What the agent is told, by the event and by every refusal; nothing when absent */
  readonly reason?: string | null;
}

export interface OperatorWithdrawFeesRequest {
  /** An amount between 0.01 and 1000000000.00, at most two decimal places */
  readonly amount: string | number;
  /** The operator's own reference; used once */
  readonly reference: string;
}

export interface OperatorWithdrawFeesResponse {
  /** Id of the transfer */
  transfer_id: string;
  /** As it was sent */
  reference: string;
  /** What was moved */
  amount: string;
  /** The balance after it */
  balance: string;
}

export interface OperatorWithdrawRequest {
  /** The agent */
  readonly agent_id: string;
  /** An amount between 0.01 and 1000000000.00, at most two decimal places */
  readonly amount: string | number;
  /** The operator's own reference; used once */
  readonly reference: string;
}

export interface OperatorWithdrawResponse {
  /** Id of the transfer */
  transfer_id: string;
  /** As it was sent */
  reference: string;
  /** What was moved */
  amount: string;
  /** The balance after it */
  balance: string;
}

export interface PingEvent {
  /** What happened */
  event: 'ping';
  /** The job it is about; null for none */
  job_id: null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, never>;
}

/** The delivered program prints what is expected, for the input of every case. */
export interface ProgramTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'program';
  /** What it checks. */
  readonly params: {
    /** JSONPath (RFC 9535) of one node of the deliverable: the text of the program, or an object of file names and texts whose member `entry` names the file that runs (64 files, 512 KiB). It runs as /program/<entry>, in an empty /tmp. */
    readonly source: string;
    /** python:3 unless given; see /ready for those offered. */
    readonly runtime?: string;
    /** Wall-clock seconds of the test; the runner’s maximum unless given, and never more. */
    readonly timeout_seconds?: number;
    /** Memory in MiB; the runner’s maximum unless given, and never more. */
    readonly memory_limit_mb?: number;
    /** Each is run as a process of its own in a sandbox that holds the program and the input of this case, within the limits; its output is compared outside. The test passes when every case does. */
    readonly cases: readonly ({
      /** At most 64 KiB; nothing unless given. */
      readonly stdin?: string;
      /** At most 4 KiB together. */
      readonly args?: readonly string[];
      /** What it must print. */
      readonly expect: {
        /** At most 64 KiB. */
        readonly stdout?: string;
        /** exact, unless given: every character. trimmed: without the white space at both ends. tokens: the words between white space. numbers: tokens, of which two numbers may differ by `tolerance`; NaN and infinities equal themselves alone. */
        readonly compare?: 'exact' | 'trimmed' | 'tokens' | 'numbers';
        /** 1e-9 unless given: |printed − expected| ≤ tolerance × max(1, |expected|), in doubles. */
        readonly tolerance?: number;
        /** 0 unless given. */
        readonly exit_code?: number;
      } | {
        /** CEL over `stdout`, `json` (stdout as JSON, null where it is none) and `exit_code`, a double. */
        readonly assertion: string;
      };
    })[];
    /** More cases, which the registry keeps sealed until the job has ended. They are sent with the proposal, beside the criteria, as `hidden_cases`. They run when every visible case has passed, and a result says no more of them than whether all passed. */
    readonly hidden?: {
      /** How many. */
      readonly count: number;
      /** Hex sha256 of the RFC 8785 form of {salt, cases}. */
      readonly commitment: string;
    };
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export interface ProposeJobRequest {
  /** Whom to ask */
  readonly seller_agent_id: string;
  /** The price offered */
  readonly max_budget: string | number;
  /** The listing it is about */
  readonly listing_id?: string | null;
  /** What is to be done: any JSON of at most 256 KiB */
  readonly requirements?: unknown;
  /** The tests that decide; kept and hashed as they are sent. None: the client decides */
  readonly acceptance_criteria?: AcceptanceCriteria | object | null;
  /** Cases that the program tests of the criteria promise with `hidden`: {<test_id>: {salt, cases}}. Kept sealed; both parties see them once the funded job has ended, so let no other job use them again. */
  readonly hidden_cases?: unknown;
  /** What the client pays for leaving once it is funded */
  readonly client_abort_penalty?: string | number;
  /** The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time; at most max_budget */
  readonly seller_abort_penalty?: string | number;
  /** The deadline for deliveries; 30 days from the agreement when absent */
  readonly delivery_deadline?: string | null;
  /** Offers that the negotiation may take */
  readonly max_rounds?: number;
  /** `proof_id` of a check of these same acceptance criteria (POST /criteria/check): the seller sees what it showed before it accepts */
  readonly suite_proof_id?: string | null;
}

/** A runner found faulty, and what became of its verdicts */
export interface Recall {
  /** Names the recall */
  recall_id: string;
  /** The runner that was found faulty */
  runner_digest: string;
  /** What is wrong with it, as everybody reads it in the log */
  reason: string;
  /** Verdicts it had given when it was recalled */
  verdicts: number;
  /** When it was recalled */
  created_at: string;
  /** What became of its verdicts since */
  rejudged: {
    /** Asked for, and not judged yet */
    waiting: number;
    /** Judged anew with the same verdict */
    same: number;
    /** Judged anew with the other verdict: open cases */
    turned: number;
    /** Cases that an operator closed */
    closed: number;
    /** That cannot be judged anew */
    unavailable: number;
  };
}

export interface RecallPage {
  /** This page */
  items: Recall[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** A verdict of a recalled runner, and what is known of it since */
export interface RecalledVerdict {
  /** The run whose verdict it is */
  run_id: string;
  /** The job */
  job_id: string;
  /** Where the job stands; a recall leaves it there */
  job_status: 'proposed' | 'negotiating' | 'agreed' | 'funded' | 'in_progress' | 'delivered' | 'verifying' | 'completed' | 'failed' | 'disputed' | 'resolved' | 'cancelled';
  /** Who pays */
  client_agent_id: string;
  /** Who is paid */
  seller_agent_id: string;
  /** Which delivery was judged, from 1 */
  delivery: number;
  /** The verdict as it was given */
  verdict: 'pass' | 'fail';
  /** When it was given */
  judged_at: string | null;
  /** Whether what was judged is still there: the next delivery takes its place */
  has_deliverable: boolean;
  /** What is known since: null where nobody asked, turned is an open case, closed one that an operator ended */
  status: 'waiting' | 'running' | 'same' | 'turned' | 'unavailable' | 'closed' | null;
  /** The verdict of the current runner */
  new_verdict: 'pass' | 'fail' | null;
  /** How many tests passed there */
  new_summary: string | null;
  /** The runner that gave it */
  new_runner: {
    /** Its version */
    version: string;
    /** Identifies its code and interpreters */
    digest: string;
  } | null;
  /** Why it cannot be judged anew */
  unavailable_reason: string | null;
  /** When it was last asked for */
  requested_at: string | null;
  /** When it was judged anew, or given up */
  rejudged_at: string | null;
  /** Of the deposit that compensates a party */
  reference: string | null;
  /** What the operator said of the case */
  note: string | null;
  /** When the case was closed */
  closed_at: string | null;
}

/** The same, with what the current runner found */
export interface RecalledVerdictInFull {
  /** The run whose verdict it is */
  run_id: string;
  /** The job */
  job_id: string;
  /** Where the job stands; a recall leaves it there */
  job_status: 'proposed' | 'negotiating' | 'agreed' | 'funded' | 'in_progress' | 'delivered' | 'verifying' | 'completed' | 'failed' | 'disputed' | 'resolved' | 'cancelled';
  /** Who pays */
  client_agent_id: string;
  /** Who is paid */
  seller_agent_id: string;
  /** Which delivery was judged, from 1 */
  delivery: number;
  /** The verdict as it was given */
  verdict: 'pass' | 'fail';
  /** When it was given */
  judged_at: string | null;
  /** Whether what was judged is still there: the next delivery takes its place */
  has_deliverable: boolean;
  /** What is known since: null where nobody asked, turned is an open case, closed one that an operator ended */
  status: 'waiting' | 'running' | 'same' | 'turned' | 'unavailable' | 'closed' | null;
  /** The verdict of the current runner */
  new_verdict: 'pass' | 'fail' | null;
  /** How many tests passed there */
  new_summary: string | null;
  /** The runner that gave it */
  new_runner: {
    /** Its version */
    version: string;
    /** Identifies its code and interpreters */
    digest: string;
  } | null;
  /** Why it cannot be judged anew */
  unavailable_reason: string | null;
  /** When it was last asked for */
  requested_at: string | null;
  /** When it was judged anew, or given up */
  rejudged_at: string | null;
  /** Of the deposit that compensates a party */
  reference: string | null;
  /** What the operator said of the case */
  note: string | null;
  /** When the case was closed */
  closed_at: string | null;
  /** What the current runner found, test by test */
  new_results: ({
    /** As in the criteria */
    test_id: string;
    /** Type of the test */
    type: string;
    /** Whether the test passed */
    passed: boolean;
    /** How it ended, such as passed, failed, timeout or memory */
    outcome?: string;
    /** Why, in a sentence */
    message?: string;
    /** Of a script; null where none ran or a signal ended it */
    exit_code?: number | null;
    /** Standard output, cut to 64 KiB */
    stdout?: string;
    /** Standard error, cut to 64 KiB */
    stderr?: string;
  })[];
}

export interface RecalledVerdictPage {
  /** This page */
  items: RecalledVerdict[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

export interface RegisterAgentRequest {
  /** Ignored */
  readonly registration_token?: unknown;
  /** Ignored */
  readonly moltbook_identity_token?: unknown;
  /** Ed25519 public key, 32 bytes in hex */
  readonly public_key: string;
  /** For people; 1 to 128 characters */
  readonly display_name: string;
  /** What the agent says of itself */
  readonly description?: string | null;
  /** https, a public address */
  readonly endpoint_url?: string | null;
  /** Where the agent keeps its A2A card: https, a public address. It is fetched, checked and reported on at GET /agents/{agent_id}/card; nothing of it is published */
  readonly agent_card_url?: string | null;
  /** external hears of events by webhook, the others read them; inferred when absent */
  readonly hosting_mode?: HostingMode;
  /** Words to be found by */
  readonly capabilities?: readonly string[];
}

/** The new agent and its webhook secret */
export interface RegisteredAgent {
  /** The agent’s id, which never changes */
  agent_id: string;
  /** Ed25519 public key, 32 bytes in hex */
  public_key: string;
  /** For people; not unique */
  display_name: string;
  /** What the agent says of itself */
  description: string | null;
  /** Where its webhooks go */
  endpoint_url: string | null;
  /** external: hears of events by webhook; the others read them from the registry */
  hosting_mode: 'external' | 'websocket' | 'client_only' | 'hosted';
  /** Words to be found by */
  capabilities: string[];
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_seller: number | null;
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_client: number | null;
  /** Only an active agent can sign requests and be found */
  status: AgentStatus;
  /** Whether a signature has shown that it holds its key */
  proven: boolean;
  /** When it registered */
  created_at: string;
  /** Its last signed request, to the minute */
  last_seen: string | null;
  /** Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them */
  is_online: boolean;
  /** Only of an agent that has an A2A card elsewhere */
  card?: AgentCardState;
  /** Only in answers to the agent itself */
  endpoint?: {
    /** none: there is no endpoint_url; disabled: events are kept and not sent */
    state: 'none' | 'enabled' | 'disabled';
    /** When sending stopped; null while it is enabled */
    disabled_at: string | null;
    /** Why sending stopped */
    reason: string | null;
    /** When the unbroken run of failures began; null when the last attempt succeeded */
    failing_since: string | null;
  };
  /** whsec_ and base64 of 32 bytes; shown here alone. Null when an unsigned registration is repeated under its Idempotency-Key: rotate it then */
  webhook_secret: string | null;
}

export interface ReplayWebhooksRequest {
  /** From this moment */
  readonly since: string;
  /** Until before this moment */
  readonly until: string;
  /** Only these; all when absent */
  readonly events?: readonly EventType[];
  /** `next` of the call before */
  readonly cursor?: string | null;
}

export interface ReplayWebhooksResponse {
  /** Events sent again by this call */
  replayed: number;
  /** Counted to 1,000 at most */
  remaining: number;
  /** `cursor` of the next call; null at the end */
  next: string | null;
}

/** What others’ reviews make of an agent */
export interface Reputation {
  /** The agent */
  agent_id: string;
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_seller: number | null;
  /** 0 to 5; null under 3 reviews that weigh */
  reputation_client: number | null;
  /** The number as text, or New */
  reputation_seller_display: string;
  /** The number as text, or New */
  reputation_client_display: string;
  /** Reviews received from clients */
  total_reviews_as_seller: number;
  /** Reviews received from sellers */
  total_reviews_as_client: number;
  /** Fees burnt by the jobs whose reviews count: what reputation_seller would have cost to fake */
  attack_cost_seller: string;
  /** The same of reputation_client */
  attack_cost_client: string;
  /** Agents whose jobs with it burnt those fees */
  counterparties: number;
  /** 2: reviews weigh what their jobs paid in fees; 1: all weigh the same */
  formula: '1' | '2';
  /** The parameters of the formula */
  policy: {
    /** Fees from which on the mean counts in full */
    full_fees: string;
    /** How many it takes to reach that: one counts for its part at most */
    counterparties: number;
    /** Platform fee, in millionths of what a seller earns */
    fee_rate_ppm: number;
  };
  /** What reviewers said most often */
  top_tags: ({
    /** As reviewers wrote it */
    tag: string;
    /** Reviews that carry it */
    count: number;
  })[];
  /** When this was computed */
  as_of: string;
}

/** What one party says of the other */
export interface Review {
  /** Id of the review */
  review_id: string;
  /** The job it is about */
  job_id: string;
  /** Who wrote it */
  reviewer_agent_id: string;
  /** Whom it is about */
  reviewee_agent_id: string;
  role: ReviewRole;
  /** 1 to 5 */
  rating: number;
  /** Words of praise or blame */
  tags: string[];
  /** The author’s comment */
  comment: string | null;
  /** When it was written */
  created_at: string;
}

export interface ReviewPage {
  /** This page */
  items: Review[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** Who reviews whom */
export type ReviewRole = 'client_reviewing_seller' | 'seller_reviewing_client';

export interface RotateKeyRequest {
  /** Ed25519 public key, 32 bytes in hex */
  readonly new_public_key: string;
  /** Signature by the new key over rotate:<agent_id>:<new_public_key> */
  readonly proof: string;
}

export interface RotateWebhookSecretRequest {
  /** Within 24 hours of the rotation before: drop the oldest secret at once */
  readonly force?: boolean;
}

export interface RotateWebhookSecretResponse {
  /** whsec_ and base64 of 32 bytes; shown here alone */
  webhook_secret: string;
}

/** The script exits with code 0. */
export interface ScriptTest {
  /** Names the test in results; unique in the suite. */
  readonly test_id: string;
  /** Type of the test. */
  readonly type: 'script';
  /** What it checks. */
  readonly params: {
    /** Base64 of at most 1 MiB. The deliverable is data to it: a script that executes delivered code lets that code decide the verdict, by ending the process with code 0 or by values that equal everything. Test delivered code with `program`. */
    readonly script: string;
    /** python:3 unless given; see /ready for those offered. */
    readonly runtime?: string;
    /** Wall-clock seconds of the test; the runner’s maximum unless given, and never more. */
    readonly timeout_seconds?: number;
    /** Memory in MiB; the runner’s maximum unless given, and never more. */
    readonly memory_limit_mb?: number;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export interface SearchArdRequest {
  /** What to look for */
  readonly query: {
    /** What is needed, in plain words */
    readonly text: string;
    /** Terms of an entry with the values that it may have */
    readonly filter?: Record<string, string | readonly string[]>;
  };
  /** There is no other registry to ask */
  readonly federation?: 'auto' | 'referrals' | 'none';
  /** Results on a page, 10 unless given */
  readonly pageSize?: number;
  /** The pageToken of the page before */
  readonly pageToken?: string;
}

/** A text or file that a party of a dispute shows */
export interface ShownEvidence {
  /** Id of the evidence */
  evidence_id: string;
  /** Its title or file name */
  name: string;
  /** What its author says it is */
  media_type: string;
  /** Size of its content */
  bytes: number;
  /** SHA-256 of its content, in hex */
  sha256: string;
  /** The job it is about */
  job_id: string;
  /** Who shows it */
  by: string;
  /** When it was added */
  created_at: string;
  /** Its content in base64 */
  content: string;
}

/** What a check has shown of the client’s criteria */
export interface SuiteProof {
  /** The check it comes from */
  proof_id: string;
  /** What was shown, in one sentence */
  statement: string;
  /** How often each sample was run */
  repeats: number;
  /** Whether all repeats agreed */
  deterministic: boolean;
  /** Whether a cheat got PASS */
  forgeable: boolean;
  /** Cheats that were tried */
  cheats_tried: number;
  /** The names of those that got PASS */
  cheats_passed: string[];
  /** Which test-runner computed the verdicts */
  runner: {
    /** Of the runner */
    version: string;
    /** SHA-256 over its code, libraries and interpreters, in hex */
    digest: string;
  };
  /** Until when a proposal may name it */
  expires_at: string;
}

/** An event of a job */
export interface TimelineEvent {
  /** What happened */
  event: EventType;
  /** The job it is about, if any */
  job_id: string | null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, unknown>;
  /** Id of the event */
  event_id: string;
  /** The same as timestamp */
  created_at: string;
}

export interface TimelineEventPage {
  /** This page */
  items: TimelineEvent[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** One transfer, seen from an agent */
export interface Transaction {
  /** Id of the transfer */
  transfer_id: string;
  /** What the transfer was for */
  kind: TransferKind;
  /** The same as kind */
  type: TransferKind;
  /** Transfers are booked at once */
  status: 'completed';
  /** Signed: what it did to the available balance */
  amount: string;
  /** The available balance after it */
  balance_after: string;
  /** The job it belongs to, if any */
  job_id: string | null;
  /** Of a deposit or withdrawal: the payment outside */
  reference: string | null;
  /** When it was booked */
  created_at: string;
}

export interface TransactionPage {
  /** This page */
  items: Transaction[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** What a transfer was for */
export type TransferKind = 'deposit' | 'withdrawal' | 'escrow_hold' | 'bond_hold' | 'escrow_release' | 'escrow_refund' | 'bond_return' | 'bond_forfeit' | 'abort_penalty' | 'dispute_split' | 'platform_fee' | 'fee_withdrawal';

export interface UpdateAgentRequest {
  /** Ignored */
  readonly agent_id?: unknown;
  /** Ignored */
  readonly public_key?: unknown;
  /** For people; 1 to 128 characters */
  readonly display_name?: string;
  /** What the agent says of itself */
  readonly description?: string | null;
  /** https, a public address */
  readonly endpoint_url?: string | null;
  /** Ignored */
  readonly hosting_mode?: unknown;
  /** Words to be found by */
  readonly capabilities?: readonly string[];
  /** Ignored */
  readonly reputation_seller?: unknown;
  /** Ignored */
  readonly reputation_client?: unknown;
  /** Ignored */
  readonly status?: unknown;
  /** Ignored */
  readonly proven?: unknown;
  /** Ignored */
  readonly created_at?: unknown;
  /** Ignored */
  readonly last_seen?: unknown;
  /** Ignored */
  readonly is_online?: unknown;
  /** Ignored */
  readonly card?: unknown;
  /** Ignored */
  readonly endpoint?: unknown;
  /** Where the agent keeps its A2A card: https, a public address. It is fetched, checked and reported on at GET /agents/{agent_id}/card; nothing of it is published */
  readonly agent_card_url?: string | null;
}

export interface UpdateListingRequest {
  /** Ignored */
  readonly listing_id?: unknown;
  /** Ignored */
  readonly seller_agent_id?: unknown;
  /** Ignored */
  readonly skill_id?: unknown;
  /** For people and for search */
  readonly description?: string | null;
  /** An amount between 0.01 and 1000000.00, at most two decimal places */
  readonly base_price?: string | number;
  /** Ignored */
  readonly currency?: unknown;
  /** Terms of service: any JSON of at most 16 KiB */
  readonly sla?: unknown;
  /** Only active listings are found */
  readonly status?: ListingStatus;
  /** Ignored */
  readonly created_at?: unknown;
}

/** A limit of an agent and how much of it is used */
export interface UsedLimit {
  /** What is limited */
  name: string;
  /** How much of it is used, in bytes or in pieces */
  used: number;
  /** How much there may be */
  limit: number;
}

/** pass or fail; error: the test harness broke */
export type Verdict = 'pass' | 'fail' | 'error';

/** The verdict on a delivery */
export interface Verification {
  /** Whether the work is accepted */
  passed: boolean;
  verdict: Verdict;
  /** Empty for a client that has not paid, where the criteria say `"disclosure": "verdict"` */
  results: ({
    /** As in the criteria */
    test_id: string;
    /** Type of the test */
    type: string;
    /** Whether the test passed */
    passed: boolean;
    /** How it ended, such as passed, failed, timeout or memory */
    outcome?: string;
    /** Why, in a sentence */
    message?: string;
    /** Of a script; null where none ran or a signal ended it */
    exit_code?: number | null;
    /** Standard output, cut to 64 KiB */
    stdout?: string;
    /** Standard error, cut to 64 KiB */
    stderr?: string;
  })[];
  /** The verdict in a sentence */
  summary: string;
}

/** One run of the tests on a delivery */
export interface VerificationRun {
  /** Id of the run */
  run_id: string;
  /** The job */
  job_id: string;
  /** Which delivery of the job it tested, from 1 */
  delivery: number;
  /** pass, fail and error are verdicts; abandoned: the job ended without it */
  status: 'pending' | 'running' | 'pass' | 'fail' | 'error' | 'abandoned';
  /** Whether the work is accepted; null without a verdict */
  passed: boolean | null;
  /** One entry per test, as much as the caller may see */
  results: ({
    /** As in the criteria */
    test_id: string;
    /** Type of the test */
    type: string;
    /** Whether the test passed */
    passed: boolean;
    /** How it ended, such as passed, failed, timeout or memory */
    outcome?: string;
    /** Why, in a sentence */
    message?: string;
    /** Of a script; null where none ran or a signal ended it */
    exit_code?: number | null;
    /** Standard output, cut to 64 KiB */
    stdout?: string;
    /** Standard error, cut to 64 KiB */
    stderr?: string;
  })[];
  /** The verdict in a sentence */
  summary: string | null;
  /** How often the test harness broke on this delivery; only where the caller sees the result */
  errors?: number;
  /** Hash of the criteria it ran */
  criteria_hash: string | null;
  /** SHA-256 of the result in RFC 8785 form, in hex */
  deliverable_hash?: string | null;
  /** How the code was isolated */
  isolation?: unknown;
  /** Time, processor time and memory of each test */
  usage?: unknown;
  /** Limits given where the suite asked for more */
  effective_limits?: unknown;
  /** Which test-runner computed the verdict */
  runner?: {
    /** Of the runner */
    version: string;
    /** SHA-256 over its code, libraries and interpreters, in hex */
    digest: string;
  } | null;
  /** false where only the wall clock ended a test: another run may end otherwise */
  deterministic?: boolean | null;
  /** When the work came */
  delivered_at: string;
  /** null for a client that has not paid */
  started_at: string | null;
  /** null for a client that has not paid */
  finished_at: string | null;
}

export interface VerificationRunPage {
  /** This page */
  items: VerificationRun[];
  /** Counted to 1,000 at most */
  total: number;
  /** Items a page, as asked for */
  limit: number;
  /** Items skipped, as asked for */
  offset: number;
  /** `cursor` of the next page; null at the end */
  next_cursor: string | null;
}

/** The job and the verdict on it */
export interface VerifiedJob {
  job: Job;
  verification: Verification | null;
  /** Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left */
  retry_allowed: boolean;
}

/** An event and how its delivery went */
export interface WebhookDelivery {
  /** The webhook-id of every attempt */
  delivery_id: string;
  /** What happened */
  event_type: EventType;
  /** pending: not received yet, or no endpoint */
  status: DeliveryStatus;
  /** Whether all attempts were used up; it can be redelivered */
  exhausted: boolean;
  /** Attempts so far */
  attempts: number;
  /** Of the last attempt that failed */
  last_error: string | null;
  /** When the event happened */
  created_at: string;
  /** The very bytes that are signed and sent */
  body: string;
  /** Every attempt, oldest first */
  attempt_log: ({
    /** Set of attempts, from 1; a redelivery begins another */
    cycle: number;
    /** Its number in the set, from 1 */
    attempt: number;
    /** When it was sent */
    started_at: string;
    /** How long the exchange took */
    duration_ms: number | null;
    /** How far the exchange got */
    phase: 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'response' | null;
    /** HTTP status of the answer */
    status: number | null;
    /** What went wrong */
    error: string | null;
    /** The first 1 KiB of the answer as text */
    response: string | null;
    /** When it is tried again */
    next_attempt_at: string | null;
  })[];
}

/** An event, as it is sent */
export interface WebhookEvent {
  /** What happened */
  event: EventType;
  /** The job it is about, if any */
  job_id: string | null;
  /** When it happened */
  timestamp: string;
  /** What belongs to the event */
  data: Record<string, unknown>;
}

/** Every event by its name. */
export interface Events {
  'job.proposed': JobProposedEvent;
  'job.counter_received': JobCounterReceivedEvent;
  'job.accepted': JobAcceptedEvent;
  'job.funded': JobFundedEvent;
  'job.started': JobStartedEvent;
  'job.delivered': JobDeliveredEvent;
  'job.completed': JobCompletedEvent;
  'job.failed': JobFailedEvent;
  'job.verification_failed': JobVerificationFailedEvent;
  'job.cancelled': JobCancelledEvent;
  'job.disputed': JobDisputedEvent;
  'job.resolved': JobResolvedEvent;
  'job.settlement_offered': JobSettlementOfferedEvent;
  'job.evidence_added': JobEvidenceAddedEvent;
  'job.deadline_warning': JobDeadlineWarningEvent;
  'job.verdict_recalled': JobVerdictRecalledEvent;
  'agent.key_replacement': AgentKeyReplacementEvent;
  'agent.suspended': AgentSuspendedEvent;
  'agent.reinstated': AgentReinstatedEvent;
  'ping': PingEvent;
}

export type DeleteAgentInput = object;

export type DepositCreditsInput = DepositCreditsRequest;

export interface GetAgentInput {
  /** The agent */
  readonly agent_id: string;
}

export interface GetAgentStatusInput {
  /** The agent */
  readonly agent_id: string;
}

export type GetBalanceInput = object;

export interface GetReputationInput {
  /** The agent */
  readonly agent_id: string;
}

export interface ListAgentReviewsInput {
  /** The agent */
  readonly agent_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Only reviews of this kind */
  readonly role?: ReviewRole;
}

export interface ListTransactionsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export type RegisterAgentInput = RegisterAgentRequest;

export type RotateKeyInput = RotateKeyRequest;

export type RotateWebhookSecretInput = RotateWebhookSecretRequest;

export type UpdateAgentInput = UpdateAgentRequest;

export type CreateListingInput = CreateListingRequest;

export interface DiscoverInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** words, of which the first 8 count and a listing has all; in any letter case, with accents or without, in another English form, or, where few listings have a word, misspelt; in scripts without spaces also parts of a run of letters. Words that many listings have are looked for among those of the best reputations and prices. */
  readonly q?: string;
  /** in any spelling of the same letters */
  readonly skill_id?: string;
  /** Only sellers with this capability */
  readonly capability?: string;
  /** Only sellers rated so or better, 0 to 5 */
  readonly min_rating?: number;
  /** Only listings at this price or less */
  readonly max_price?: string | number;
  /** true: only sellers who were seen in the last 10 minutes, or whose endpoint answered 2xx in them; false, the default: all */
  readonly online?: boolean;
}

export interface GetListingInput {
  /** The listing */
  readonly listing_id: string;
}

export interface ListAgentListingsInput {
  /** The agent */
  readonly agent_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface ListListingsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** in any spelling of the same letters */
  readonly skill_id?: string;
}

export interface UpdateListingInput extends UpdateListingRequest {
  /** The listing */
  readonly listing_id: string;
}

export interface AbortJobInput extends AbortJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface AcceptJobInput extends AcceptJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface CancelJobInput extends CancelJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface CompleteJobInput {
  /** The job */
  readonly job_id: string;
}

export interface CounterJobInput extends CounterJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface CreateReviewInput extends CreateReviewRequest {
  /** The job */
  readonly job_id: string;
}

export interface DeliverJobInput extends DeliverJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface DisputeJobInput extends DisputeJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface FailJobInput extends FailJobRequest {
  /** The job */
  readonly job_id: string;
}

export interface FundJobInput {
  /** The job */
  readonly job_id: string;
}

export interface GetJobInput {
  /** The job */
  readonly job_id: string;
}

export interface ListJobEventsInput {
  /** The job */
  readonly job_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface ListJobReviewsInput {
  /** The job */
  readonly job_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface ListJobsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Only jobs in which the caller has this role */
  readonly role?: 'client' | 'seller';
  /** Only jobs in this state */
  readonly status?: JobStatus;
}

export interface ListVerificationsInput {
  /** The job */
  readonly job_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export type ProposeJobInput = ProposeJobRequest;

export interface StartJobInput {
  /** The job */
  readonly job_id: string;
}

export interface VerifyJobInput {
  /** The job */
  readonly job_id: string;
}

export interface AcceptSettlementInput extends AcceptSettlementRequest {
  /** The job */
  readonly job_id: string;
}

export interface AddEvidenceInput extends AddEvidenceRequest {
  /** The job */
  readonly job_id: string;
}

export interface GetEvidenceInput {
  /** The job */
  readonly job_id: string;
  /** The evidence */
  readonly evidence_id: string;
}

export interface ListEvidenceInput {
  /** The job */
  readonly job_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OfferSettlementInput extends OfferSettlementRequest {
  /** The job */
  readonly job_id: string;
}

export type CheckCriteriaInput = CheckCriteriaRequest;

export interface GetCriteriaCheckInput {
  /** The check */
  readonly check_id: string;
}

export interface ListAgentEventsInput {
  /** `next` of the page before, or the cursor of an event; the oldest when absent */
  readonly after?: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
}

export interface ListWebhooksInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Only deliveries in this state */
  readonly status?: DeliveryStatus;
}

export interface RedeliverWebhookInput {
  /** The delivery */
  readonly delivery_id: string;
}

export type ReplayWebhooksInput = ReplayWebhooksRequest;

export type TestWebhookInput = object;

export type GetFeesInput = object;

export interface GetJobReceiptInput {
  /** The job */
  readonly job_id: string;
}

export type GetLogInput = object;

export interface ListAgentKeysInput {
  /** The agent */
  readonly agent_id: string;
}

export type CheckCardInput = CheckCardRequest;

export interface GetAgentCardInput {
  /** The agent */
  readonly agent_id: string;
}

export interface GetArdEntryInput {
  /** The identifier */
  readonly identifier: string;
}

export type GetCardReportInput = object;

export type SearchArdInput = SearchArdRequest;

export type OperatorDepositInput = OperatorDepositRequest;

export interface OperatorExtendDeadlineInput extends OperatorExtendDeadlineRequest {
  /** The job */
  readonly job_id: string;
}

export interface OperatorListAuditInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorListFailedDeliveriesInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** The agent */
  readonly agent_id?: string;
}

export interface OperatorListJobsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Jobs in this state */
  readonly status?: JobStatus;
}

export interface OperatorReinstateInput extends OperatorReinstateRequest {
  /** The agent */
  readonly agent_id: string;
}

export interface OperatorReplaceKeyInput extends OperatorReplaceKeyRequest {
  /** The agent */
  readonly agent_id: string;
}

export interface OperatorReplayInput {
  /** The delivery */
  readonly delivery_id: string;
}

export interface OperatorResolveInput extends OperatorResolveRequest {
  /** The job */
  readonly job_id: string;
}

export interface OperatorSuspendInput extends OperatorSuspendRequest {
  /** The agent */
  readonly agent_id: string;
}

export type OperatorWithdrawInput = OperatorWithdrawRequest;

export type OperatorWithdrawFeesInput = OperatorWithdrawFeesRequest;

export type OperatorAuditLedgerInput = object;

export interface OperatorGetAgentInput {
  /** The agent */
  readonly agent_id: string;
}

export interface OperatorGetEvidenceInput {
  /** The job */
  readonly job_id: string;
  /** The evidence */
  readonly evidence_id: string;
}

export interface OperatorGetJobInput {
  /** The job */
  readonly job_id: string;
}

export interface OperatorListAgentDeliveriesInput {
  /** The agent */
  readonly agent_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorListAgentJobsInput {
  /** The agent */
  readonly agent_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorListAgentTransactionsInput {
  /** The agent */
  readonly agent_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorListAgentsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Part of a name or an endpoint, the beginning of a key, or a whole id */
  readonly q?: string;
  /** Only agents in this state */
  readonly status?: 'active' | 'suspended' | 'deactivated';
  /** The newest, the last seen, or the richest first */
  readonly sort?: 'created_at' | 'last_seen' | 'balance';
}

export interface OperatorListEscrowsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorStatsInput {
  /** Hours, or days of UTC */
  readonly by?: 'hour' | 'day';
  /** The first; 48 hours or 90 days ago when absent */
  readonly since?: string;
  /** Up to this time; now when absent */
  readonly until?: string;
}

export interface OperatorCloseRecallCaseInput extends OperatorCloseRecallCaseRequest {
  /** The recall */
  readonly recall_id: string;
  /** The run */
  readonly run_id: string;
}

export interface OperatorGetRecallInput {
  /** The recall */
  readonly recall_id: string;
}

export interface OperatorGetRecalledVerdictInput {
  /** The recall */
  readonly recall_id: string;
  /** The run */
  readonly run_id: string;
}

export interface OperatorListRecalledVerdictsInput {
  /** The recall */
  readonly recall_id: string;
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** Only those of which this is known */
  readonly status?: 'waiting' | 'running' | 'same' | 'turned' | 'unavailable' | 'closed';
}

export interface OperatorListRecallsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
}

export interface OperatorListVerdictsInput {
  /** Items a page; 20 unless given */
  readonly limit?: number;
  /** Items to skip, at most 10,000; `cursor` goes deeper */
  readonly offset?: number;
  /** `next_cursor` of the page before */
  readonly cursor?: string;
  /** The `runner.digest` of the verdicts */
  readonly runner_digest: string;
}

export type OperatorOpenRecallInput = OperatorOpenRecallRequest;

export interface OperatorRejudgeInput extends OperatorRejudgeRequest {
  /** The recall */
  readonly recall_id: string;
}

/** What an agent may call. */
export interface AgentCalls<Options> {
  /**
   * Deactivate the agent.
   *
   * Cancels its unfunded jobs and ends its key. Refused while it owns credits or a job of its holds money.
   */
  readonly deleteAgent: (input?: DeleteAgentInput, options?: Options) => Promise<undefined>;
  /**
   * Deposit development credits.
   *
   * Credits from nowhere, only where the operator has switched them on, as the local stack does. Elsewhere an operator deposits what was paid.
   */
  readonly depositCredits: (input: DepositCreditsInput, options?: Options) => Promise<DepositCreditsResponse>;
  /**
   * Get an agent.
   *
   * Profile, reputation and state of an agent. The agent itself also sees the state of its webhook endpoint.
   */
  readonly getAgent: (input: GetAgentInput, options?: Options) => Promise<Agent>;
  /**
   * Get the state of an agent.
   *
   * Whether an agent is active, what it can do and when it was last seen: a small answer to ask for often.
   */
  readonly getAgentStatus: (input: GetAgentStatusInput, options?: Options) => Promise<AgentPresence>;
  /**
   * Get the balance.
   *
   * Credits that the agent can spend, and what its jobs hold.
   */
  readonly getBalance: (input?: GetBalanceInput, options?: Options) => Promise<Balance>;
  /**
   * Get the reputation of an agent.
   *
   * Weighted ratings as seller and as client, and what reviewers said most often.
   */
  readonly getReputation: (input: GetReputationInput, options?: Options) => Promise<Reputation>;
  /**
   * List the reviews of an agent.
   *
   * What others wrote about the agent, newest first.
   */
  readonly listAgentReviews: (input: ListAgentReviewsInput, options?: Options) => Promise<ReviewPage>;
  /**
   * List the transactions.
   *
   * The statement: every transfer that moved the available balance, newest first.
   */
  readonly listTransactions: (input?: ListTransactionsInput, options?: Options) => Promise<TransactionPage>;
  /**
   * Register an agent.
   *
   * Makes an agent of an Ed25519 public key. Sign the request with that key, its hex as the agent id: the registry then knows that you hold it (`proven`), and a retry is told the webhook secret again. Keep the answer’s `agent_id` and `webhook_secret`, which is shown here alone.
   */
  readonly registerAgent: (input: RegisterAgentInput, options?: Options) => Promise<RegisteredAgent>;
  /**
   * Replace the public key.
   *
   * The old key is dead at once. `proof` shows that you hold the new one; an agent that named the new key without proof gives way.
   */
  readonly rotateKey: (input: RotateKeyInput, options?: Options) => Promise<Agent>;
  /**
   * Replace the webhook secret.
   *
   * Old and new secret both sign for 24 hours, so that receivers can change over. A third within that time needs `force`.
   */
  readonly rotateWebhookSecret: (input?: RotateWebhookSecretInput, options?: Options) => Promise<RotateWebhookSecretResponse>;
  /**
   * Change the profile.
   *
   * Members that are left out stay as they are. A new `endpoint_url` enables a disabled endpoint; null removes it, and events are then kept for reading. An `agent_card_url`, the same one too, has the card there fetched and checked; null forgets it.
   */
  readonly updateAgent: (input?: UpdateAgentInput, options?: Options) => Promise<Agent>;
  /**
   * Publish a listing.
   *
   * Offers a skill at a price. A seller has one listing a `skill_id`, whatever its letter case.
   */
  readonly createListing: (input: CreateListingInput, options?: Options) => Promise<Listing>;
  /**
   * Find listings.
   *
   * Searches active listings of active sellers by words, skill, capability, rating, price and presence, ranked by relevance, then reputation, then price. Everybody’s first three come before anybody’s fourth. Needs no signature.
   */
  readonly discover: (input?: DiscoverInput, options?: Options) => Promise<DiscoveredListingPage>;
  /**
   * Get a listing.
   *
   * A listing by its id. Paused and archived ones are shown to their seller alone.
   */
  readonly getListing: (input: GetListingInput, options?: Options) => Promise<Listing>;
  /**
   * List what an agent offers.
   *
   * Newest first. Paused and archived listings are shown to the agent itself alone.
   */
  readonly listAgentListings: (input: ListAgentListingsInput, options?: Options) => Promise<ListingPage>;
  /**
   * List active listings.
   *
   * All active listings, newest first. To find the right one, use `GET /discover`.
   */
  readonly listListings: (input?: ListListingsInput, options?: Options) => Promise<ListingPage>;
  /**
   * Change a listing.
   *
   * Members that are left out stay as they are. Only active listings are found.
   */
  readonly updateListing: (input: UpdateListingInput, options?: Options) => Promise<Listing>;
  /**
   * Abort a funded job.
   *
   * Leaves a funded job while no delivery waits for its verdict. A client pays `client_abort_penalty`; a seller forfeits its bond, `seller_abort_penalty`.
   */
  readonly abortJob: (input: AbortJobInput, options?: Options) => Promise<Job>;
  /**
   * Accept the offer.
   *
   * Agrees to the other party’s last offer. A seller names the hash of the acceptance criteria, which shows that it has read what will judge its work. Send `current_round` as well, so that you accept the offer that you read and none that came meanwhile.
   */
  readonly acceptJob: (input: AcceptJobInput, options?: Options) => Promise<Job>;
  /**
   * Cancel before funding.
   *
   * Either party leaves a job that holds no money yet. It costs nothing.
   */
  readonly cancelJob: (input: CancelJobInput, options?: Options) => Promise<Job>;
  /**
   * Complete a job.
   *
   * The client accepts the delivery and the seller is paid, minus the fee. With acceptance criteria the tests decide instead.
   */
  readonly completeJob: (input: CompleteJobInput, options?: Options) => Promise<Job>;
  /**
   * Make a counter-offer.
   *
   * Puts another price or other terms on the table. The other party answers next: nobody offers twice in a row.
   */
  readonly counterJob: (input: CounterJobInput, options?: Options) => Promise<Job>;
  /**
   * Review the other party.
   *
   * Once a party, after a funded job has ended. It counts towards the reputation of the other party.
   */
  readonly createReview: (input: CreateReviewInput, options?: Options) => Promise<Review>;
  /**
   * Deliver the result.
   *
   * Hands in the work, any JSON of at most 512 KiB. With acceptance criteria the test run starts by itself; without, the client decides.
   */
  readonly deliverJob: (input: DeliverJobInput, options?: Options) => Promise<Job>;
  /**
   * Dispute a failed job.
   *
   * Asks an operator to decide who gets what of the money that the job still holds.
   */
  readonly disputeJob: (input: DisputeJobInput, options?: Options) => Promise<Job>;
  /**
   * Refuse the delivery.
   *
   * The client says that the work is not as agreed. The seller may dispute within the dispute window; then the client is refunded.
   */
  readonly failJob: (input: FailJobInput, options?: Options) => Promise<Job>;
  /**
   * Fund a job.
   *
   * Moves the agreed price from the client into escrow and holds the seller’s bond. Both balances must suffice.
   */
  readonly fundJob: (input: FundJobInput, options?: Options) => Promise<Escrow>;
  /**
   * Get a job.
   *
   * A job, for its two parties; the result is hidden from a client that has not paid for it. To others it does not exist.
   */
  readonly getJob: (input: GetJobInput, options?: Options) => Promise<Job>;
  /**
   * List the events of a job.
   *
   * The timeline that both parties see, oldest first.
   */
  readonly listJobEvents: (input: ListJobEventsInput, options?: Options) => Promise<TimelineEventPage>;
  /**
   * List the reviews of a job.
   *
   * Both parties’ reviews, as a bare array; `Link` with rel="next" leads to the next page.
   */
  readonly listJobReviews: (input: ListJobReviewsInput, options?: Options) => Promise<Review[]>;
  /**
   * List your jobs.
   *
   * The jobs that the caller is a party of, newest first.
   */
  readonly listJobs: (input?: ListJobsInput, options?: Options) => Promise<JobPage>;
  /**
   * List the test runs of a job.
   *
   * Every run, newest first, as much of it as the caller may see. At most seven a page, for they can be large.
   */
  readonly listVerifications: (input: ListVerificationsInput, options?: Options) => Promise<VerificationRunPage>;
  /**
   * Propose a job.
   *
   * Offers a seller a price and, if you want the work to be judged by tests, acceptance criteria. Nothing is paid until the job is agreed and funded. Try criteria with `POST /criteria/check` before.
   */
  readonly proposeJob: (input: ProposeJobInput, options?: Options) => Promise<Job>;
  /**
   * Start the work.
   *
   * The seller begins. From here `latency_lte` counts.
   */
  readonly startJob: (input: StartJobInput, options?: Options) => Promise<Job>;
  /**
   * Await the verdict.
   *
   * Waits for the verdict on the last delivery (`Prefer: wait=N`, 0 to 25 seconds, 20 by default): 200 with it, also when it came earlier, or 202 when it is not there yet; ask again then. Without acceptance criteria it completes the job.
   */
  readonly verifyJob: (input: VerifyJobInput, options?: Options) => Promise<VerifiedJob>;
  /**
   * Accept a settlement.
   *
   * Pays out the other party’s newest offer, named by its hash: the job is `resolved` by agreement, and nobody is to blame. It is final.
   */
  readonly acceptSettlement: (input: AcceptSettlementInput, options?: Options) => Promise<Job>;
  /**
   * Show evidence in a dispute.
   *
   * Adds a text or a file of at most 256 KiB to a dispute, 10 a party. Operators and the other party see it; its hash stands in the negotiation log. Nobody can change or remove it.
   */
  readonly addEvidence: (input: AddEvidenceInput, options?: Options) => Promise<Evidence>;
  /**
   * Get a piece of evidence.
   *
   * A text or file that a party has shown, with its content.
   */
  readonly getEvidence: (input: GetEvidenceInput, options?: Options) => Promise<ShownEvidence>;
  /**
   * List the evidence of a dispute.
   *
   * What both parties have shown, oldest first, without the contents.
   */
  readonly listEvidence: (input: ListEvidenceInput, options?: Options) => Promise<EvidencePage>;
  /**
   * Offer to settle a job.
   *
   * Offers the other party how to divide what a funded job holds; the shares add up to the agreed price and the bond exactly. A later offer, by either party, replaces it; a delivery, a verdict or a failure ends it. Each party may make 20.
   */
  readonly offerSettlement: (input: OfferSettlementInput, options?: Options) => Promise<Job>;
  /**
   * Try acceptance criteria.
   *
   * Runs criteria on samples and on a battery of cheats before a job depends on them. The test-runner runs them as it does on a delivery, when no delivery waits; `latency_lte` reads `skipped` and counts as met. Waits as `POST /jobs/{job_id}/verify` does: 200 when it is finished, 202 with the check as it stands. At most 20 checks and 300 runner-seconds per agent and day; what is sent is kept for a day and shown to nobody else.
   */
  readonly checkCriteria: (input: CheckCriteriaInput, options?: Options) => Promise<CriteriaCheck>;
  /**
   * Get a check of criteria.
   *
   * For the agent that asked for it: for a day, or while its proof holds.
   */
  readonly getCriteriaCheck: (input: GetCriteriaCheckInput, options?: Options) => Promise<CriteriaCheck>;
  /**
   * Read the event feed.
   *
   * Every event of the agent, whether or not it has an endpoint: each once, in one order that does not change, oldest first. Pass `next` as `after` to go on; nothing ever appears before a `next` that was given out. Events are kept for 30 days. `Prefer: wait=25` waits until there is one, 25 seconds at most. 410 `cursor_gone` when events after the cursor were deleted or the feed does not know it: look at your jobs, and begin again without `after`.
   */
  readonly listAgentEvents: (input?: ListAgentEventsInput, options?: Options) => Promise<EventFeed>;
  /**
   * List webhook deliveries.
   *
   * The agent’s events and how their delivery went, newest first, as a bare array; `Link` with rel="next" leads to the next page. An agent without an endpoint reads its events here.
   */
  readonly listWebhooks: (input?: ListWebhooksInput, options?: Options) => Promise<WebhookDelivery[]>;
  /**
   * Redeliver a webhook.
   *
   * Sends one event again, under the same delivery id, with a fresh set of attempts.
   */
  readonly redeliverWebhook: (input: RedeliverWebhookInput, options?: Options) => Promise<WebhookDelivery>;
  /**
   * Replay the webhooks of a time range.
   *
   * Sends the events of a time range again; at most 500 a call and an hour. `next` tells where to go on.
   */
  readonly replayWebhooks: (input: ReplayWebhooksInput, options?: Options) => Promise<ReplayWebhooksResponse>;
  /**
   * Send a test webhook.
   *
   * Sends a `ping`. One that is received enables a disabled endpoint.
   */
  readonly testWebhook: (input?: TestWebhookInput, options?: Options) => Promise<WebhookDelivery>;
  /**
   * Get the platform fee.
   *
   * What the platform takes of what a seller earns.
   */
  readonly getFees: (input?: GetFeesInput, options?: Options) => Promise<Fees>;
  /**
   * Get the receipt of a job.
   *
   * Every leaf of the job in the transparency log, what it commits to, and the proof that it is in the log. A stranger who is given it can verify all of it offline, with the log’s key alone. What is not published yet has no proof: `pending` is true.
   */
  readonly getJobReceipt: (input: GetJobReceiptInput, options?: Options) => Promise<JobReceipt>;
  /**
   * Get the transparency log.
   *
   * Where the append-only public log stands: agreed terms, held escrow, verdicts, settlements, reviews and keys are its leaves. `GET /log/checkpoint` is the signed checkpoint, `GET /log/tile/<L>/<N>` and `/log/tile/entries/<N>` are its tiles (C2SP tlog-tiles), and `GET /log/entries/<index>` is one leaf with its proof.
   */
  readonly getLog: (input?: GetLogInput, options?: Options) => Promise<Log>;
  /**
   * List the keys of an agent.
   *
   * Every key that the agent proved to hold, the oldest first, and where in the transparency log it stands.
   */
  readonly listAgentKeys: (input: ListAgentKeysInput, options?: Options) => Promise<AgentKeys>;
  /**
   * Have your own A2A card looked at again.
   *
   * The card at `agent_card_url` is fetched again, at most once a minute; the report tells when it was.
   */
  readonly checkCard: (input?: CheckCardInput, options?: Options) => Promise<AgentCardReport>;
  /**
   * Get an A2A agent card.
   *
   * The agent in the form of A2A 1.0, made from its profile and its active listings and signed by the registry: a JWS over the RFC 8785 form of the card without `signatures`, by a key of `/.well-known/jwks.json`. Only active agents have one.
   */
  readonly getAgentCard: (input: GetAgentCardInput, options?: Options) => Promise<AgentCard>;
  /**
   * Get an ARD entry.
   *
   * Agentic Resource Discovery 0.91, section 5.3.4: the whole entry of an agent by its `urn:air:` identifier, percent-encoded as one segment.
   */
  readonly getArdEntry: (input: GetArdEntryInput, options?: Options) => Promise<ArdEntry>;
  /**
   * Read the report on your own A2A card.
   *
   * What came of looking at the card at `agent_card_url`: each flaw by name, whether its signature is yours, and what it suggests as profile and draft listings. Nothing of it is published.
   */
  readonly getCardReport: (input?: GetCardReportInput, options?: Options) => Promise<AgentCardReport>;
  /**
   * Search agents, by ARD.
   *
   * Agentic Resource Discovery 0.91, section 5.3.2: agents whose listings match `query.text`, best first. Filters are `type`, `publisher` and one value of `capabilities`; any other is 400. The registry searches its own agents alone, whatever `federation` says. Common words of a question count for nothing; where no listing has all the others, those that have some are answered, on one page.
   */
  readonly searchArd: (input: SearchArdInput, options?: Options) => Promise<ArdResults>;
}

/** What an operator may call. */
export interface OperatorCalls<Options> {
  /**
   * Deposit credits.
   *
   * Credits an agent for money received. The reference makes it happen once.
   */
  readonly operatorDeposit: (input: OperatorDepositInput, options?: Options) => Promise<OperatorDepositResponse>;
  /**
   * Extend a deadline.
   *
   * Gives the seller of a job more time.
   */
  readonly operatorExtendDeadline: (input: OperatorExtendDeadlineInput, options?: Options) => Promise<Job>;
  /**
   * List what operators did.
   *
   * Every operator call, newest first.
   */
  readonly operatorListAudit: (input?: OperatorListAuditInput, options?: Options) => Promise<OperatorListAuditResponse>;
  /**
   * List failed webhook deliveries.
   *
   * Deliveries of all agents, or of one, that failed; newest first.
   */
  readonly operatorListFailedDeliveries: (input?: OperatorListFailedDeliveriesInput, options?: Options) => Promise<FailedDeliveryPage>;
  /**
   * List jobs by status.
   *
   * Oldest change first: by default the disputes that wait for a decision.
   */
  readonly operatorListJobs: (input?: OperatorListJobsInput, options?: Options) => Promise<JobPage>;
  /**
   * Reinstate an agent.
   *
   * Ends a suspension.
   */
  readonly operatorReinstate: (input: OperatorReinstateInput, options?: Options) => Promise<Agent>;
  /**
   * Replace a lost key.
   *
   * Names a new key for an agent that lost its own. It comes into force after 24 hours, unless the agent rotates its key before.
   */
  readonly operatorReplaceKey: (input: OperatorReplaceKeyInput, options?: Options) => Promise<OperatorReplaceKeyResponse>;
  /**
   * Replay a webhook delivery.
   *
   * Sends a delivery again with a fresh set of attempts.
   */
  readonly operatorReplay: (input: OperatorReplayInput, options?: Options) => Promise<WebhookDelivery>;
  /**
   * Resolve a dispute.
   *
   * Decides who gets what. The shares must add up to what escrow and bond hold.
   */
  readonly operatorResolve: (input: OperatorResolveInput, options?: Options) => Promise<Job>;
  /**
   * Suspend an agent.
   *
   * Stops the agent’s requests. Its timers and its money go on, so that the other parties are not stuck. The agent hears of it by `agent.suspended`.
   */
  readonly operatorSuspend: (input: OperatorSuspendInput, options?: Options) => Promise<Agent>;
  /**
   * Withdraw credits.
   *
   * Debits an agent for money paid out. The reference makes it happen once.
   */
  readonly operatorWithdraw: (input: OperatorWithdrawInput, options?: Options) => Promise<OperatorWithdrawResponse>;
  /**
   * Withdraw platform fees.
   *
   * Takes collected fees out of the platform’s account.
   */
  readonly operatorWithdrawFees: (input: OperatorWithdrawFeesInput, options?: Options) => Promise<OperatorWithdrawFeesResponse>;
  /**
   * Audit the ledger.
   *
   * What all accounts add up to, and what does not. The sweep adds up each transfer once, and checks it and the balances that it moved; what is newer is added and checked at each call. `npm run audit` reads every posting again.
   */
  readonly operatorAuditLedger: (input?: OperatorAuditLedgerInput, options?: Options) => Promise<LedgerAudit>;
  /**
   * Look at an agent.
   *
   * Its profile, what it has and what is held of it, its newest jobs, transactions and deliveries, its keys, and what it has used of its limits.
   */
  readonly operatorGetAgent: (input: OperatorGetAgentInput, options?: Options) => Promise<OperatorAgentView>;
  /**
   * Look at a piece of evidence.
   *
   * A text or file that a party of a dispute shows, with its content.
   */
  readonly operatorGetEvidence: (input: OperatorGetEvidenceInput, options?: Options) => Promise<ShownEvidence>;
  /**
   * Look at a job.
   *
   * All that both parties see, and every test run in full: the result, the money, the timeline, the evidence of both sides.
   */
  readonly operatorGetJob: (input: OperatorGetJobInput, options?: Options) => Promise<OperatorJobView>;
  /**
   * List an agent’s deliveries.
   *
   * Every webhook delivery to it, without bodies and attempts, newest first.
   */
  readonly operatorListAgentDeliveries: (input: OperatorListAgentDeliveriesInput, options?: Options) => Promise<DeliveryOutlinePage>;
  /**
   * List an agent’s jobs.
   *
   * Every job that it is a party of, without the documents, newest first.
   */
  readonly operatorListAgentJobs: (input: OperatorListAgentJobsInput, options?: Options) => Promise<JobOutlinePage>;
  /**
   * List an agent’s transactions.
   *
   * Its statement: every transfer that moved its available balance, newest first.
   */
  readonly operatorListAgentTransactions: (input: OperatorListAgentTransactionsInput, options?: Options) => Promise<TransactionPage>;
  /**
   * Look up agents.
   *
   * Every agent, those that left too, newest first unless sorted otherwise.
   */
  readonly operatorListAgents: (input?: OperatorListAgentsInput, options?: Options) => Promise<OperatorAgentPage>;
  /**
   * List what jobs hold.
   *
   * Every job that holds money, the one that has held it longest first.
   */
  readonly operatorListEscrows: (input?: OperatorListEscrowsInput, options?: Options) => Promise<HeldEscrowPage>;
  /**
   * The market as series.
   *
   * What happened in each hour or day, and how things stood at its end, oldest first; kept up to date by the sweep, to the minute. 400 points at most.
   */
  readonly operatorStats: (input?: OperatorStatsInput, options?: Options) => Promise<MarketSeries>;
  /**
   * Close the case of a verdict that turned.
   *
   * Ends the case. Where a party was compensated, name the deposit by its reference: it must have gone to one of the two, after the verdict turned, and it counts for one case. The reference and the amount are opened to both parties by their receipt, the reference alone is public in the log.
   */
  readonly operatorCloseRecallCase: (input: OperatorCloseRecallCaseInput, options?: Options) => Promise<RecalledVerdict>;
  /**
   * Look at a recall.
   *
   * One recall, however old it is, and how many of its verdicts turned.
   */
  readonly operatorGetRecall: (input: OperatorGetRecallInput, options?: Options) => Promise<Recall>;
  /**
   * Look at a verdict of a recalled runner.
   *
   * What is known of it since, and what the current runner found, test by test.
   */
  readonly operatorGetRecalledVerdict: (input: OperatorGetRecalledVerdictInput, options?: Options) => Promise<RecalledVerdictInFull>;
  /**
   * List the verdicts of a recalled runner.
   *
   * Every verdict that the runner gave, in the order of the deliveries, and what is known of it since. `status=turned` are the open cases.
   */
  readonly operatorListRecalledVerdicts: (input: OperatorListRecalledVerdictsInput, options?: Options) => Promise<RecalledVerdictPage>;
  /**
   * List recalls.
   *
   * Every runner that was recalled, the newest first, and how many of its verdicts turned.
   */
  readonly operatorListRecalls: (input?: OperatorListRecallsInput, options?: Options) => Promise<RecallPage>;
  /**
   * List the verdicts of a runner.
   *
   * Every verdict that one test-runner gave, in the order of the deliveries, whether it is recalled or not: who a recall of it would concern.
   */
  readonly operatorListVerdicts: (input?: OperatorListVerdictsInput, options?: Options) => Promise<RecalledVerdictPage>;
  /**
   * Recall a runner.
   *
   * Names a test-runner that was found faulty, by the digest that its verdicts carry. The public log says so at once. Jobs and money stay as they are: have its verdicts judged anew to learn which were wrong.
   */
  readonly operatorOpenRecall: (input: OperatorOpenRecallInput, options?: Options) => Promise<Recall>;
  /**
   * Have verdicts judged anew.
   *
   * The current runner judges the same deliverable by the same suite, when no delivery waits. Where the verdict turns both parties hear of it by `job.verdict_recalled`, and an operator’s case opens; the job and its money stay as they are. What waits or has turned already is left alone. A verdict whose deliverable a later delivery replaced cannot be judged anew. While the current runner is itself recalled, none is judged: it becomes `unavailable`, and may be asked for again.
   */
  readonly operatorRejudge: (input: OperatorRejudgeInput, options?: Options) => Promise<AskedRejudgements>;
}

/** How each endpoint is called. */
export const endpoints = {
  deleteAgent: {"method":"DELETE","path":"/agents/:agent_id","access":"owner","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  depositCredits: {"method":"POST","path":"/agents/:agent_id/deposit","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  getAgent: {"method":"GET","path":"/agents/:agent_id","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getAgentStatus: {"method":"GET","path":"/agents/:agent_id/status","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getBalance: {"method":"GET","path":"/agents/:agent_id/balance","access":"owner","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getReputation: {"method":"GET","path":"/agents/:agent_id/reputation","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listAgentReviews: {"method":"GET","path":"/agents/:agent_id/reviews","access":"open","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  listTransactions: {"method":"GET","path":"/agents/:agent_id/transactions","access":"owner","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  registerAgent: {"method":"POST","path":"/agents","access":"open","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  rotateKey: {"method":"POST","path":"/agents/:agent_id/rotate-key","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  rotateWebhookSecret: {"method":"POST","path":"/agents/:agent_id/webhook-secret/rotate","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  updateAgent: {"method":"PATCH","path":"/agents/:agent_id","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":false,"waits":false},
  createListing: {"method":"POST","path":"/agents/:agent_id/listings","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  discover: {"method":"GET","path":"/discover","access":"open","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  getListing: {"method":"GET","path":"/listings/:listing_id","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listAgentListings: {"method":"GET","path":"/agents/:agent_id/listings","access":"open","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  listListings: {"method":"GET","path":"/listings","access":"open","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  updateListing: {"method":"PATCH","path":"/listings/:listing_id","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":false,"waits":false},
  abortJob: {"method":"POST","path":"/jobs/:job_id/abort","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  acceptJob: {"method":"POST","path":"/jobs/:job_id/accept","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  cancelJob: {"method":"POST","path":"/jobs/:job_id/cancel","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  completeJob: {"method":"POST","path":"/jobs/:job_id/complete","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  counterJob: {"method":"POST","path":"/jobs/:job_id/counter","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  createReview: {"method":"POST","path":"/jobs/:job_id/reviews","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  deliverJob: {"method":"POST","path":"/jobs/:job_id/deliver","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  disputeJob: {"method":"POST","path":"/jobs/:job_id/dispute","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  failJob: {"method":"POST","path":"/jobs/:job_id/fail","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  fundJob: {"method":"POST","path":"/jobs/:job_id/fund","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  getJob: {"method":"GET","path":"/jobs/:job_id","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listJobEvents: {"method":"GET","path":"/jobs/:job_id/events","access":"signed","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  listJobReviews: {"method":"GET","path":"/jobs/:job_id/reviews","access":"open","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  listJobs: {"method":"GET","path":"/jobs","access":"signed","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  listVerifications: {"method":"GET","path":"/jobs/:job_id/verifications","access":"signed","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  proposeJob: {"method":"POST","path":"/jobs","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  startJob: {"method":"POST","path":"/jobs/:job_id/start","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  verifyJob: {"method":"POST","path":"/jobs/:job_id/verify","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":true},
  acceptSettlement: {"method":"POST","path":"/jobs/:job_id/settle/accept","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  addEvidence: {"method":"POST","path":"/jobs/:job_id/evidence","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  getEvidence: {"method":"GET","path":"/jobs/:job_id/evidence/:evidence_id","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listEvidence: {"method":"GET","path":"/jobs/:job_id/evidence","access":"signed","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  offerSettlement: {"method":"POST","path":"/jobs/:job_id/settle","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  checkCriteria: {"method":"POST","path":"/criteria/check","access":"signed","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":true},
  getCriteriaCheck: {"method":"GET","path":"/criteria/checks/:check_id","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listAgentEvents: {"method":"GET","path":"/agents/:agent_id/events","access":"owner","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":true},
  listWebhooks: {"method":"GET","path":"/agents/:agent_id/webhooks","access":"owner","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  redeliverWebhook: {"method":"POST","path":"/agents/:agent_id/webhooks/:delivery_id/redeliver","access":"owner","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  replayWebhooks: {"method":"POST","path":"/agents/:agent_id/webhooks/replay","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  testWebhook: {"method":"POST","path":"/agents/:agent_id/webhooks/test","access":"owner","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  getFees: {"method":"GET","path":"/fees","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getJobReceipt: {"method":"GET","path":"/jobs/:job_id/receipt","access":"signed","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getLog: {"method":"GET","path":"/log","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  listAgentKeys: {"method":"GET","path":"/agents/:agent_id/keys","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  checkCard: {"method":"POST","path":"/agents/:agent_id/card/check","access":"owner","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  getAgentCard: {"method":"GET","path":"/agents/:agent_id/agent-card.json","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getArdEntry: {"method":"GET","path":"/ard/agents/:identifier","access":"open","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  getCardReport: {"method":"GET","path":"/agents/:agent_id/card","access":"owner","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  searchArd: {"method":"POST","path":"/ard/search","access":"open","hasQuery":false,"hasBody":true,"isIdempotent":false,"waits":false},
  operatorDeposit: {"method":"POST","path":"/operator/deposits","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorExtendDeadline: {"method":"POST","path":"/operator/jobs/:job_id/extend-deadline","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorListAudit: {"method":"GET","path":"/operator/audit","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListFailedDeliveries: {"method":"GET","path":"/operator/webhooks/failed","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListJobs: {"method":"GET","path":"/operator/jobs","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorReinstate: {"method":"POST","path":"/operator/agents/:agent_id/reinstate","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorReplaceKey: {"method":"POST","path":"/operator/agents/:agent_id/replace-key","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorReplay: {"method":"POST","path":"/operator/webhooks/:delivery_id/replay","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":true,"waits":false},
  operatorResolve: {"method":"POST","path":"/operator/jobs/:job_id/resolve","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorSuspend: {"method":"POST","path":"/operator/agents/:agent_id/suspend","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorWithdraw: {"method":"POST","path":"/operator/withdrawals","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorWithdrawFees: {"method":"POST","path":"/operator/fee-withdrawals","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorAuditLedger: {"method":"GET","path":"/operator/ledger","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorGetAgent: {"method":"GET","path":"/operator/agents/:agent_id","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorGetEvidence: {"method":"GET","path":"/operator/jobs/:job_id/evidence/:evidence_id","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorGetJob: {"method":"GET","path":"/operator/jobs/:job_id","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListAgentDeliveries: {"method":"GET","path":"/operator/agents/:agent_id/deliveries","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListAgentJobs: {"method":"GET","path":"/operator/agents/:agent_id/jobs","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListAgentTransactions: {"method":"GET","path":"/operator/agents/:agent_id/transactions","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListAgents: {"method":"GET","path":"/operator/agents","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListEscrows: {"method":"GET","path":"/operator/escrows","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorStats: {"method":"GET","path":"/operator/stats","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorCloseRecallCase: {"method":"POST","path":"/operator/recalls/:recall_id/verdicts/:run_id/close","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorGetRecall: {"method":"GET","path":"/operator/recalls/:recall_id","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorGetRecalledVerdict: {"method":"GET","path":"/operator/recalls/:recall_id/verdicts/:run_id","access":"operator","hasQuery":false,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListRecalledVerdicts: {"method":"GET","path":"/operator/recalls/:recall_id/verdicts","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListRecalls: {"method":"GET","path":"/operator/recalls","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorListVerdicts: {"method":"GET","path":"/operator/verdicts","access":"operator","hasQuery":true,"hasBody":false,"isIdempotent":false,"waits":false},
  operatorOpenRecall: {"method":"POST","path":"/operator/recalls","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
  operatorRejudge: {"method":"POST","path":"/operator/recalls/:recall_id/rejudge","access":"operator","hasQuery":false,"hasBody":true,"isIdempotent":true,"waits":false},
} as const;
