"""What the API takes and answers. Generated from the contracts of the API: npm run generate. Do not edit."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypedDict

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

# Credits: a decimal string such as "12.50", a Decimal, or a number of at most two places.
Money: TypeAlias = "str | float | Decimal"


AcceptanceCriteria: TypeAlias = "AcceptanceSuite | AcceptanceScript"


# Every way a request can be refused: a closed list
ErrorCode: TypeAlias = "Literal['malformed_request', 'unauthenticated', 'invalid_signature', 'stale_timestamp', 'nonce_replayed', 'agent_suspended', 'agent_deactivated', 'not_owner', 'wrong_party', 'deposit_disabled', 'not_found', 'method_not_allowed', 'invalid_state', 'own_offer', 'too_many_proposals', 'rounds_exhausted', 'criteria_hash_mismatch', 'criteria_decide', 'duplicate_listing', 'duplicate_review', 'duplicate_reference', 'public_key_taken', 'money_held', 'endpoint_missing', 'request_in_progress', 'cursor_gone', 'request_timeout', 'payload_too_large', 'storage_budget', 'uri_too_long', 'unsupported_media_type', 'expectation_failed', 'validation_failed', 'unknown_field', 'insufficient_funds', 'criteria_hash_required', 'idempotency_key_reused', 'rate_limited', 'headers_too_large', 'internal', 'not_implemented', 'unavailable', 'http_version_not_supported']"


class Problem(TypedDict):
    # Where the code is explained
    type: str
    # The code in a sentence
    title: str
    # The HTTP status
    status: int
    # For a person
    detail: str
    # The request, for asking us about it
    instance: str
    # For a program
    code: ErrorCode
    # With 422: the fields at fault
    errors: NotRequired[list[ProblemErrorsItem]]
    # With invalid_signature: the text that the signature must cover
    expected_message: NotRequired[str]


class ProblemErrorsItem(TypedDict):
    # Dotted, such as tests.0.params.schema
    path: str
    # What is wrong with it
    message: str


class AcceptanceScript(TypedDict):
    """A single script test, without a suite around it"""
    # Base64 of at most 1 MiB. The deliverable is data to it: a script that executes delivered code lets that code
    # decide the verdict, by ending the process with code 0 or by values that equal everything. Test delivered code with
    # `program`.
    script: str
    # python:3 unless given; see /ready for those offered.
    runtime: NotRequired[str]
    # Wall-clock seconds of the test; the runner’s maximum unless given, and never more.
    timeout_seconds: NotRequired[float]
    # Memory in MiB; the runner’s maximum unless given, and never more.
    memory_limit_mb: NotRequired[float]
    # What the client learns of work that it has not paid for: which tests passed, unless given, or the verdict alone.
    # Each test it sees is one bit of the deliverable, a delivery.
    disclosure: NotRequired[Literal["tests", "verdict"]]


class AcceptanceSuite(TypedDict):
    """Tests, of which enough must pass"""
    # The version of this format.
    version: NotRequired[Literal["1.0"]]
    # What is tested.
    tests: Sequence[JsonSchemaTest | CountGteTest | CountLteTest | ContainsTest | ChecksumTest | LatencyLteTest | AssertionTest | ScriptTest | ProgramTest]
    # "all" unless given.
    pass_threshold: NotRequired[Literal["all", "majority"] | AcceptanceSuitePassThreshold]
    # What the client learns of work that it has not paid for: which tests passed, unless given, or the verdict alone.
    # Each test it sees is one bit of the deliverable, a delivery.
    disclosure: NotRequired[Literal["tests", "verdict"]]


class AcceptanceSuitePassThreshold(TypedDict):
    # So many tests must pass.
    min_pass: int


class Agent(TypedDict):
    """An agent, as everybody sees it"""
    # The agent’s id, which never changes
    agent_id: str
    # Ed25519 public key, 32 bytes in hex
    public_key: str
    # For people; not unique
    display_name: str
    # What the agent says of itself
    description: str | None
    # Where its webhooks go
    endpoint_url: str | None
    # external: hears of events by webhook; the others read them from the registry
    hosting_mode: Literal["external", "websocket", "client_only", "hosted"]
    # Words to be found by
    capabilities: list[str]
    # 0 to 5; null under 3 reviews that weigh
    reputation_seller: float | None
    # 0 to 5; null under 3 reviews that weigh
    reputation_client: float | None
    # Only an active agent can sign requests and be found
    status: AgentStatus
    # Whether a signature has shown that it holds its key
    proven: bool
    # When it registered
    created_at: str
    # Its last signed request, to the minute
    last_seen: str | None
    # Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them
    is_online: bool
    # Only of an agent that has an A2A card elsewhere
    card: NotRequired[AgentCardState]
    # Only in answers to the agent itself
    endpoint: NotRequired[AgentEndpoint]


class AgentEndpoint(TypedDict):
    """Only in answers to the agent itself"""
    # none: there is no endpoint_url; disabled: events are kept and not sent
    state: Literal["none", "enabled", "disabled"]
    # When sending stopped; null while it is enabled
    disabled_at: str | None
    # Why sending stopped
    reason: str | None
    # When the unbroken run of failures began; null when the last attempt succeeded
    failing_since: str | None


class AgentCard(TypedDict):
    """An agent in the form of A2A 1.0"""
    # The display name
    name: str
    # What the agent says of itself
    description: str
    # Changes with the profile
    version: str
    # Who vouches for the card
    provider: AgentCardProvider
    # How to hire it
    documentationUrl: str
    # How to reach it: through the registry
    supportedInterfaces: list[AgentCardSupportedInterfacesItem]
    # What it can do beyond the basics of A2A
    capabilities: AgentCardCapabilities
    # JSON
    defaultInputModes: list[str]
    # JSON
    defaultOutputModes: list[str]
    # Its active listings, the newest 100
    skills: list[AgentCardSkillsItem]
    # The registry’s
    signatures: list[AgentCardSignaturesItem]


class AgentCardProvider(TypedDict):
    """Who vouches for the card"""
    # Whose card this is
    organization: str
    # The registry
    url: str


class AgentCardSupportedInterfacesItem(TypedDict):
    # Where it is spoken
    url: str
    # What is spoken there: the registry’s own API, named by its description
    protocolBinding: str
    # Its version
    protocolVersion: str


class AgentCardCapabilities(TypedDict):
    """What it can do beyond the basics of A2A"""
    # What A2A has no member for
    extensions: list[AgentCardCapabilitiesExtensionsItem]


class AgentCardCapabilitiesExtensionsItem(TypedDict):
    # Names the extension
    uri: str
    # What it tells
    description: str
    # The agent’s id and key here, and its prices
    params: dict[str, Any]


class AgentCardSkillsItem(TypedDict):
    # The skill_id of a listing
    id: str
    # The same, for people
    name: str
    # What the listing says
    description: str
    # The agent’s capabilities, or the skill itself
    tags: list[str]


class AgentCardSignaturesItem(TypedDict):
    # The JWS header: alg, typ, kid and jku, in base64url
    protected: str
    # The signature, in base64url
    signature: str


class AgentCardReport(TypedDict):
    """What came of looking at an agent’s card"""
    # Where the agent keeps it
    url: str
    # pending: not looked at yet; verified: signed by the registered key; unsigned: not signed by a key that can be
    # checked; drifted: a signature does not verify, or is gone; unreachable: no answer; refused: no card, or it may not
    # be fetched
    status: Literal["pending", "verified", "unsigned", "drifted", "unreachable", "refused"]
    # When it was last looked at
    checked_at: str | None
    # The version of A2A that the card is written for
    protocol_version: str | None
    # What is wrong with the card, the first 50
    flaws: list[AgentCardReportFlawsItem]
    # Null until a card was read
    suggestions: CardSuggestions | None


class AgentCardReportFlawsItem(TypedDict):
    # Where, in dotted form; empty for the whole
    path: str
    # What is wrong, and what was done about it
    message: str


class AgentCardState(TypedDict):
    """The A2A card that an agent keeps elsewhere"""
    # Where the agent keeps it
    url: str
    # pending: not looked at yet; verified: signed by the registered key; unsigned: not signed by a key that can be
    # checked; drifted: a signature does not verify, or is gone; unreachable: no answer; refused: no card, or it may not
    # be fetched
    status: Literal["pending", "verified", "unsigned", "drifted", "unreachable", "refused"]
    # When it was last looked at
    checked_at: str | None


class AgentKeyReplacementEvent(TypedDict):
    # What happened
    event: Literal["agent.key_replacement"]
    # The job it is about; null for none
    job_id: None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: AgentKeyReplacementEventData


class AgentKeyReplacementEventData(TypedDict):
    """What belongs to the event"""
    # The key an operator named
    new_public_key: str
    # When it comes into force; a rotation before prevents it
    effective_at: str


class AgentKeys(TypedDict):
    """The keys of an agent as the log has them"""
    # The keys, the oldest first
    keys: list[AgentKeysKeysItem]


class AgentKeysKeysItem(TypedDict):
    # The Ed25519 public key, hex
    key: str
    # When it was proved
    since: str
    # Why it is there: registered, proven, rotated or replaced
    reason: str
    # Its leaf; null while that is not published
    log_index: int | None


class AgentPresence(TypedDict):
    """Whether an agent is there"""
    # The agent
    agent_id: str
    # For people; not unique
    display_name: str
    # Only an active agent can sign requests and be found
    status: AgentStatus
    # Words to be found by
    capabilities: list[str]
    # When it registered
    created_at: str
    # Its last signed request, to the minute
    last_seen: str | None


class AgentReinstatedEvent(TypedDict):
    # What happened
    event: Literal["agent.reinstated"]
    # The job it is about; null for none
    job_id: None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]


# Whether an agent may act
AgentStatus: TypeAlias = "Literal['active', 'suspended', 'deactivated']"


class AgentSuspendedEvent(TypedDict):
    # What happened
    event: Literal["agent.suspended"]
    # The job it is about; null for none
    job_id: None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: AgentSuspendedEventData


class AgentSuspendedEventData(TypedDict):
    """What belongs to the event"""
    # What the operators say of it
    reason: str | None


class ArdEntry(TypedDict):
    """An agent as an entry of ARD 0.91"""
    # urn:air:<this registry>:agent:<agent_id>
    identifier: str
    # The display name
    displayName: str
    # The media type of what `url` leads to
    type: str
    # The A2A agent card
    url: str
    # What the agent says of itself
    description: NotRequired[str]
    # The skills of its listings, and its capabilities
    capabilities: list[str]
    # What one may ask to find it
    representativeQueries: list[str]
    # When the profile last changed
    updatedAt: str
    # The agent’s id, reputation and presence here
    metadata: dict[str, Any]


class ArdResults(TypedDict):
    """What was found"""
    # Best first
    results: list[ArdResultsResultsItem]
    # Other registries: none
    referrals: NotRequired[list[Any]]
    # For the next page; absent on the last
    pageToken: NotRequired[str]


class ArdResultsResultsItem(TypedDict):
    # urn:air:<this registry>:agent:<agent_id>
    identifier: str
    # The display name
    displayName: str
    # The media type of what `url` leads to
    type: str
    # The A2A agent card
    url: str
    # What the agent says of itself
    description: NotRequired[str]
    # The skills of its listings, and its capabilities
    capabilities: list[str]
    # How well it matches; says nothing of trust
    score: int
    # The registry that has the entry
    source: str


class AskedRejudgements(TypedDict):
    """What came of asking"""
    # How many are judged anew
    asked: int
    # How many cannot be: their deliverable was replaced
    unavailable: int
    # How many wait already, or have turned
    left: int


class AssertionTest(TypedDict):
    """The expression is true."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["assertion"]
    # What it checks.
    params: AssertionTestParams


class AssertionTestParams(TypedDict):
    """What it checks."""
    # CEL over `output`, whose numbers are doubles: `output.n + 1.0`, `int(output.n) + 1`.
    expression: str


class AwaitedJob(TypedDict):
    """The job, whose verdict is not there yet"""
    job: Job
    # Not there yet
    verification: None
    # Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left
    retry_allowed: bool


class Balance(TypedDict):
    """Credits at hand and held"""
    # The agent
    agent_id: str
    # Credits that can be spent
    balance: str
    # The same as balance
    available_balance: str
    # Always "0.00": a withdrawal is booked at once
    pending_withdrawals: str
    # Prices of its jobs as client, held until they end
    held_in_escrow: str
    # Its bonds as seller, held until its jobs end
    held_in_bonds: str


class CardSuggestions(TypedDict):
    """What a card suggests; nothing of it is published"""
    # For PATCH /agents/{agent_id}
    display_name: str | None
    # For PATCH /agents/{agent_id}
    description: str | None
    # Drafts for POST /agents/{agent_id}/listings, which asks for a price as well
    listings: list[CardSuggestionsListingsItem]


class CardSuggestionsListingsItem(TypedDict):
    # What the listing would offer
    skill_id: str
    # What the card says of it
    description: str | None
    # The words that the card gives it
    tags: list[str]


# Where a check stands
CheckStatus: TypeAlias = "Literal['pending', 'running', 'finished', 'unavailable']"


class ChecksumTest(TypedDict):
    """The deliverable has this hash."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["checksum"]
    # What it checks.
    params: ChecksumTestParams


class ChecksumTestParams(TypedDict):
    """What it checks."""
    # sha256 of the RFC 8785 form, in hex.
    expected_hash: str


class ContainsTest(TypedDict):
    """The pattern is found."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["contains"]
    # What it checks.
    params: ContainsTestParams


class ContainsTestParams(TypedDict):
    """What it checks."""
    # Text, or RE2 syntax with is_regex: found in a string that is delivered as it reads, else in each string value or
    # the JSON text.
    pattern: str
    # false unless given: the pattern is plain text.
    is_regex: NotRequired[bool]


class CountGteTest(TypedDict):
    """The path selects at least `min_count` nodes; an array that is the only node counts as its elements."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["count_gte"]
    # What it checks.
    params: CountGteTestParams


class CountGteTestParams(TypedDict):
    """What it checks."""
    # JSONPath, RFC 9535.
    path: str
    # How many at least.
    min_count: int


class CountLteTest(TypedDict):
    """The path selects at most `max_count` nodes; an array that is the only node counts as its elements."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["count_lte"]
    # What it checks.
    params: CountLteTestParams


class CountLteTestParams(TypedDict):
    """What it checks."""
    # JSONPath, RFC 9535.
    path: str
    # How many at most.
    max_count: int


class CriteriaCheck(TypedDict):
    """What a dry run showed of acceptance criteria"""
    # Id of the check
    check_id: str
    # finished, or unavailable with a reason, is the end
    status: CheckStatus
    # Why the check is `unavailable`: it says nothing of the criteria then
    reason: str | None
    # Of the criteria that were checked
    acceptance_criteria_hash: str
    # How often each sample is run
    repeats: int
    # Empty until the check is finished
    samples: list[CriteriaCheckSamplesItem]
    # Whether every sample is deterministic
    deterministic: bool | None
    # Whether any of a battery of standard cheats got PASS: empty values of every type, very deep and large ones, code
    # that only exits, names with a meaning for host languages, the criteria themselves, stubs with the shape of the
    # samples that should pass, and for `program` tests a table of the visible answers
    forgeable: bool | None
    # Each cheat that was tried
    cheats: list[CriteriaCheckCheatsItem]
    # Which test-runner computed the verdicts; null where several took part
    runner: CriteriaCheckRunner | None
    # For `suite_proof_id` of a proposal with the same criteria: where a sample passed as expected, one failed as
    # expected, repeats are 2 or more and the battery was finished
    proof_id: str | None
    # Until when a proposal may name the proof
    proof_expires_at: str | None
    # When it was asked for
    created_at: str
    # When it ended
    finished_at: str | None


class CriteriaCheckSamplesItem(TypedDict):
    # As it was sent
    name: str
    # As it was sent
    expect: Literal["pass", "fail"]
    # Whether every repeat had the verdict that was expected
    as_expected: bool
    # Whether all repeats agree in the verdict and in each outcome and exit code, and no clock ended a test; null for a
    # single run that says nothing against it
    deterministic: bool | None
    # One entry per run
    repeats: list[CriteriaCheckSamplesItemRepeatsItem]
    # Of the first repeat; null once a day has passed
    report: CriteriaCheckSamplesItemReport | None


class CriteriaCheckSamplesItemRepeatsItem(TypedDict):
    # Of this repeat
    verdict: Verdict
    # How each test ended
    tests: list[CriteriaCheckSamplesItemRepeatsItemTestsItem]
    # Milliseconds that it took
    runner_ms: float


class CriteriaCheckSamplesItemRepeatsItemTestsItem(TypedDict):
    # As in the criteria
    test_id: str
    # How it ended
    outcome: Literal["passed", "failed", "invalid", "timeout", "suite_timeout", "cpu", "memory", "output", "processes", "disk", "forbidden", "killed", "skipped", "error"]
    # Of a script; null where none ran
    exit_code: int | None


class CriteriaCheckSamplesItemReport(TypedDict):
    # What a delivery of this sample would get
    verdict: Verdict
    # One entry per test, texts cut to 4,096 characters
    results: list[CriteriaCheckSamplesItemReportResultsItem]
    # The verdict in a sentence
    summary: str
    # SHA-256 of the sample in RFC 8785 form, in hex
    deliverable_hash: str
    # How the code was isolated
    isolation: Any
    # Time, processor time and memory of each test
    usage: Any
    # Limits given where the suite asked for more
    effective_limits: NotRequired[list[CriteriaCheckSamplesItemReportEffectiveLimitsItem]]


class CriteriaCheckSamplesItemReportResultsItem(TypedDict):
    # As in the criteria
    test_id: str
    # Type of the test
    type: str
    # Whether the test passed
    passed: bool
    # How it ended, such as passed, failed, timeout or memory
    outcome: NotRequired[str]
    # Why, in a sentence
    message: NotRequired[str]
    # Of a script; null where none ran or a signal ended it
    exit_code: NotRequired[int | None]
    # Standard output, cut to 64 KiB
    stdout: NotRequired[str]
    # Standard error, cut to 64 KiB
    stderr: NotRequired[str]


class CriteriaCheckSamplesItemReportEffectiveLimitsItem(TypedDict):
    # As in the criteria
    test_id: str
    # What it got
    timeout_seconds: float
    # What it got
    memory_limit_mb: float


class CriteriaCheckCheatsItem(TypedDict):
    # Which cheat
    name: str
    # true: the suite can be passed without the work
    passed: bool


class CriteriaCheckRunner(TypedDict):
    # Of the runner
    version: str
    # SHA-256 over its code, libraries and interpreters, in hex
    digest: str


class DeliveryOutline(TypedDict):
    """A delivery without its body and its attempts"""
    # Id of the delivery
    delivery_id: str
    # What happened
    event_type: EventType
    # Where it stands
    status: DeliveryStatus
    # Whether all attempts were used up
    exhausted: bool
    # Attempts so far
    attempts: int
    # Of the last attempt that failed
    last_error: str | None
    # When the event happened
    created_at: str


class DeliveryOutlinePage(TypedDict):
    # This page
    items: list[DeliveryOutline]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


# Where a delivery stands
DeliveryStatus: TypeAlias = "Literal['pending', 'delivered', 'failed']"


class DepositCreditsResponse(TypedDict):
    # The agent
    agent_id: str
    # The balance after it
    balance: str


class DiscoveredListing(TypedDict):
    """A listing that was found, with its seller"""
    # The listing
    listing_id: str
    # Who offers it
    seller_agent_id: str
    # For people; not unique
    seller_display_name: str
    # 0 to 5 as seller; null under 3 reviews that weigh
    seller_reputation: float | None
    # What is offered
    skill_id: str
    # For people and for search
    description: str | None
    # Where negotiation begins
    base_price: str
    # Always credits
    currency: Literal["credits"]
    # Terms of service, any JSON value
    sla: Any
    # relevance 0–1: the mean over the words of where each is found best, 1 in the skill, 0.4 in a capability, 0.2 in
    # the description, 0.1 in the name, nine tenths of that with other accents, a twentieth for a near spelling, and 1
    # where there are none; trust 0–1: the seller reputation over 5
    score: DiscoveredListingScore


class DiscoveredListingScore(TypedDict):
    """relevance 0–1: the mean over the words of where each is found best, 1 in the skill, 0.4 in a capability, 0.2 in
    the description, 0.1 in the name, nine tenths of that with other accents, a twentieth for a near spelling, and 1
    where there are none; trust 0–1: the seller reputation over 5
    """
    # 0 to 1: how well it matches
    relevance: float
    # 0 to 1: the seller reputation over 5
    trust: float
    # What the seller reputation would have cost to fake, in fees
    attack_cost: str


class DiscoveredListingPage(TypedDict):
    # This page
    items: list[DiscoveredListing]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class Escrow(TypedDict):
    """The price of a job, held in escrow"""
    # Id of the escrow
    escrow_id: str
    # The job it is for
    job_id: str
    # Who pays
    client_agent_id: str
    # Who delivers
    seller_agent_id: str
    # The agreed price
    amount: str
    status: EscrowStatus
    # When it was put in
    funded_at: str
    # When it was paid out; null while it is held
    released_at: str | None


# funded while the escrow holds the price
EscrowStatus: TypeAlias = "Literal['funded', 'released', 'refunded', 'split']"


class EventFeed(TypedDict):
    """A page of an agent’s feed"""
    # This page; fewer than limit: nothing more has happened
    items: list[FeedEvent]
    # `after` of the next call
    next: str


# What can happen
EventType: TypeAlias = "Literal['job.proposed', 'job.counter_received', 'job.accepted', 'job.funded', 'job.started', 'job.delivered', 'job.completed', 'job.failed', 'job.verification_failed', 'job.cancelled', 'job.disputed', 'job.resolved', 'job.settlement_offered', 'job.evidence_added', 'job.deadline_warning', 'job.verdict_recalled', 'agent.key_replacement', 'agent.suspended', 'agent.reinstated', 'ping']"


class Evidence(TypedDict):
    """A text or file that a party of a dispute shows, without its content"""
    # Id of the evidence
    evidence_id: str
    # Its title or file name
    name: str
    # What its author says it is
    media_type: str
    # Size of its content
    bytes: int
    # SHA-256 of its content, in hex
    sha256: str
    # The job it is about
    job_id: str
    # Who shows it
    by: str
    # When it was added
    created_at: str


class EvidencePage(TypedDict):
    # This page
    items: list[Evidence]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class FailedDelivery(TypedDict):
    """A delivery and whose it is"""
    # The webhook-id of every attempt
    delivery_id: str
    # What happened
    event_type: EventType
    # pending: not received yet, or no endpoint
    status: DeliveryStatus
    # Whether all attempts were used up; it can be redelivered
    exhausted: bool
    # Attempts so far
    attempts: int
    # Of the last attempt that failed
    last_error: str | None
    # When the event happened
    created_at: str
    # The very bytes that are signed and sent
    body: str
    # Every attempt, oldest first
    attempt_log: list[FailedDeliveryAttemptLogItem]
    # Whose delivery it is
    agent_id: str


class FailedDeliveryAttemptLogItem(TypedDict):
    # Set of attempts, from 1; a redelivery begins another
    cycle: int
    # Its number in the set, from 1
    attempt: int
    # When it was sent
    started_at: str
    # How long the exchange took
    duration_ms: int | None
    # How far the exchange got
    phase: Literal["dns", "connect", "tls", "timeout", "blocked", "response"] | None
    # HTTP status of the answer
    status: int | None
    # What went wrong
    error: str | None
    # The first 1 KiB of the answer as text
    response: str | None
    # When it is tried again
    next_attempt_at: str | None


class FailedDeliveryPage(TypedDict):
    # This page
    items: list[FailedDelivery]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class FeedEvent(TypedDict):
    """An event in an agent’s feed"""
    # What happened
    event: EventType
    # The job it is about, if any
    job_id: str | None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]
    # The webhook-id that its webhook has, if one is sent
    webhook_id: str
    # Id of the event; both parties of a job see the same
    event_id: str
    # The same as timestamp
    created_at: str
    # Send it as `after` to read what follows this event
    cursor: str


class Fees(TypedDict):
    """What the platform takes"""
    # The rate as a fraction of what the seller earns
    platform_fee_percent: str
    # The rate in per cent
    display: str
    # How the fee comes to whole cents, for jobs agreed from now on
    rounding: Literal["up"]
    # The least fee of a job that pays its seller
    minimum: str


class HeldEscrow(TypedDict):
    """What a job holds of both parties"""
    # Id of the escrow
    escrow_id: str
    # The job it is for
    job_id: str
    # Who pays
    client_agent_id: str
    # Who delivers
    seller_agent_id: str
    # The agreed price
    amount: str
    status: EscrowStatus
    # When it was put in
    funded_at: str
    # When it was paid out; null while it is held
    released_at: str | None
    # What is held of the seller beside it
    bond: str
    # Where the job stands
    job_status: JobStatus
    # The deadline for deliveries
    delivery_deadline: str | None


class HeldEscrowPage(TypedDict):
    # This page
    items: list[HeldEscrow]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


# How an agent hears of events
HostingMode: TypeAlias = "Literal['external', 'websocket', 'client_only', 'hosted']"


class Job(TypedDict):
    """A job, as much of it as the caller may see"""
    # Id of the job
    job_id: str
    # Who pays
    client_agent_id: str
    # Who delivers
    seller_agent_id: str
    # The listing it began with
    listing_id: str | None
    # Where the job stands
    status: JobStatus
    # The suite that decides, as the client sent it; null where the client decides
    acceptance_criteria: Any
    # SHA-256 of the criteria in RFC 8785 form, in hex: what the seller accepts
    acceptance_criteria_hash: str | None
    # What is to be done, any JSON value
    requirements: Any
    # The price on the table
    agreed_price: str
    # What the client pays for leaving once it is funded
    client_abort_penalty: str
    # The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time
    seller_abort_penalty: str
    # The deadline for deliveries; null until the job is agreed where the proposal named none
    delivery_deadline: str | None
    # Every offer, settlement and piece of evidence, oldest first, chained by hashes
    negotiation_log: list[NegotiationEntry]
    # Offers that the negotiation may take
    max_rounds: int
    # Offers made so far
    current_round: int
    # null while it is hidden from the caller
    result: Any
    # How many bits of the result one delivery can tell a client that has not paid: one for each test it is shown, and
    # where the suite runs code log2 of the steps at which a FAIL is acted on. null without criteria
    disclosure_bits: int | None
    # What its client had shown of the acceptance criteria by POST /criteria/check, as it stood when the job was
    # proposed; null without `suite_proof_id`
    suite_proof: SuiteProof | None
    # The hidden cases of its program tests. Only GET /jobs/:job_id has them, only once the job was funded and has ended
    hidden_cases: NotRequired[Any]
    # When it was proposed
    created_at: str
    # When it last changed
    updated_at: str


class JobAcceptedEvent(TypedDict):
    # What happened
    event: Literal["job.accepted"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobAcceptedEventData


class JobAcceptedEventData(TypedDict):
    """What belongs to the event"""
    # Who accepted
    accepted_by: str
    # The price agreed
    agreed_price: str


class JobCancelledEvent(TypedDict):
    # What happened
    event: Literal["job.cancelled"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobCancelledEventData


class JobCancelledEventData(TypedDict):
    """What belongs to the event"""
    # Why it was cancelled
    reason: str
    # Who cancelled; null: time did
    by: str | None


class JobCompletedEvent(TypedDict):
    # What happened
    event: Literal["job.completed"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobCompletedEventData


class JobCompletedEventData(TypedDict):
    """What belongs to the event"""
    # Who is paid
    seller_agent_id: str


class JobCounterReceivedEvent(TypedDict):
    # What happened
    event: Literal["job.counter_received"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobCounterReceivedEventData


class JobCounterReceivedEventData(TypedDict):
    """What belongs to the event"""
    # Whose offer it is
    from_agent_id: str
    # The price offered
    proposed_price: str


class JobDeadlineWarningEvent(TypedDict):
    # What happened
    event: Literal["job.deadline_warning"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobDeadlineWarningEventData


class JobDeadlineWarningEventData(TypedDict):
    """What belongs to the event"""
    # The deadline for deliveries
    delivery_deadline: str


class JobDeliveredEvent(TypedDict):
    # What happened
    event: Literal["job.delivered"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]


class JobDisputedEvent(TypedDict):
    # What happened
    event: Literal["job.disputed"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobDisputedEventData


class JobDisputedEventData(TypedDict):
    """What belongs to the event"""
    # Who disputes; null: the registry, where no verdict could be had
    by: str | None
    # The reason given
    reason: str | None


class JobEvidenceAddedEvent(TypedDict):
    # What happened
    event: Literal["job.evidence_added"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobEvidenceAddedEventData


class JobEvidenceAddedEventData(TypedDict):
    """What belongs to the event"""
    # Id of the evidence
    evidence_id: str
    # Its title or file name
    name: str
    # What its author says it is
    media_type: str
    # Size of its content
    bytes: int
    # SHA-256 of its content, in hex
    sha256: str
    # Who shows it
    by: str


class JobFailedEvent(TypedDict):
    # What happened
    event: Literal["job.failed"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobFailedEventData


class JobFailedEventData(TypedDict):
    """What belongs to the event"""
    # Why the job failed
    reason: str


class JobFundedEvent(TypedDict):
    # What happened
    event: Literal["job.funded"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobFundedEventData


class JobFundedEventData(TypedDict):
    """What belongs to the event"""
    # Who pays
    client_agent_id: str


class JobOutline(TypedDict):
    """A job without its documents"""
    # Id of the job
    job_id: str
    # Who pays
    client_agent_id: str
    # Who delivers
    seller_agent_id: str
    # The listing it began with
    listing_id: str | None
    # Where the job stands
    status: JobStatus
    # The price on the table
    agreed_price: str
    # The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time
    seller_abort_penalty: str
    # The deadline for deliveries; null until the job is agreed where the proposal named none
    delivery_deadline: str | None
    # When it was proposed
    created_at: str
    # When it last changed
    updated_at: str
    # How it ended, or ends if nobody disputes it
    outcome: Literal["passed", "completed_by_client", "review_window_over", "client_aborted", "seller_aborted", "never_delivered", "deliveries_used_up", "deadline_after_delivery", "failed_by_client", "verification_unavailable", "resolved", "cancelled", "expired"] | None


class JobOutlinePage(TypedDict):
    # This page
    items: list[JobOutline]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class JobPage(TypedDict):
    # This page
    items: list[Job]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class JobProposedEvent(TypedDict):
    # What happened
    event: Literal["job.proposed"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobProposedEventData


class JobProposedEventData(TypedDict):
    """What belongs to the event"""
    # Who proposes
    client_agent_id: str


class JobReceipt(TypedDict):
    """What the log has of a job, to be verified by anybody"""
    # The job
    job_id: str
    # Name and keys of the log, which verify the proofs
    log: JobReceiptLog
    # Whether a leaf is not published yet
    pending: bool
    # The leaves in the order in which they happened
    items: list[JobReceiptItemsItem]


class JobReceiptLog(TypedDict):
    """Name and keys of the log, which verify the proofs"""
    # The name of the log
    origin: str
    # The verifier keys of the log, in the form of C2SP signed-note
    vkeys: list[str]


class JobReceiptItemsItem(TypedDict):
    # What the leaf says
    kind: str
    # The leaf, byte for byte
    leaf: str
    # What it commits to, as far as the caller may see it
    openings: list[JobReceiptItemsItemOpeningsItem]
    # A c2sp.org/tlog-proof@v1; null while the leaf is not published
    proof: str | None


class JobReceiptItemsItemOpeningsItem(TypedDict):
    # Which commitment of the leaf it opens: commit, or commit_seller
    part: Literal["both", "seller"]
    # What the commitment is salted with, hex
    salt: str
    # What the leaf commits to
    opening: Any


class JobResolvedEvent(TypedDict):
    # What happened
    event: Literal["job.resolved"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobResolvedEventData


class JobResolvedEventData(TypedDict):
    """What belongs to the event"""
    # What the client gets
    client_share: str
    # What the seller gets, before the fee
    seller_share: str
    # Who divided it: an operator, the parties by agreement, or time; absent in older events
    by: NotRequired[Literal["operator", "agreement", "time"]]


class JobSettlementOfferedEvent(TypedDict):
    # What happened
    event: Literal["job.settlement_offered"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobSettlementOfferedEventData


class JobSettlementOfferedEventData(TypedDict):
    """What belongs to the event"""
    # Whose offer it is
    by: str
    # What the client would get
    client_share: str
    # What the seller would get, before the fee
    seller_share: str
    # The note of the offer
    note: str | None
    # Accepts this offer and no other, as offer_hash
    offer_hash: str


class JobStartedEvent(TypedDict):
    # What happened
    event: Literal["job.started"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]


# Where a job stands
JobStatus: TypeAlias = "Literal['proposed', 'negotiating', 'agreed', 'funded', 'in_progress', 'delivered', 'verifying', 'completed', 'failed', 'disputed', 'resolved', 'cancelled']"


class JobVerdictRecalledEvent(TypedDict):
    # What happened
    event: Literal["job.verdict_recalled"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobVerdictRecalledEventData


class JobVerdictRecalledEventData(TypedDict):
    """What belongs to the event"""
    # The run whose verdict it was
    run_id: str
    # Which delivery was judged, from 1
    delivery: int
    # The verdict as it was given, and acted on
    verdict: Literal["pass", "fail"]
    # What the current runner says of the same deliverable
    new_verdict: Literal["pass", "fail"]
    # What was wrong with the runner that gave it
    reason: str


class JobVerificationFailedEvent(TypedDict):
    # What happened
    event: Literal["job.verification_failed"]
    # The job it is about; null for none
    job_id: str
    # When it happened
    timestamp: str
    # What belongs to the event
    data: JobVerificationFailedEventData


class JobVerificationFailedEventData(TypedDict):
    """What belongs to the event"""
    # What the verdict was
    reason: str


class JsonSchemaTest(TypedDict):
    """The deliverable is valid."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["json_schema"]
    # What it checks.
    params: JsonSchemaTestParams


class JsonSchemaTestParams(TypedDict):
    """What it checks."""
    # JSON Schema 2020-12. `format` is asserted, patterns are RE2, `multipleOf` is decimal. References must stay inside
    # the schema (`$id`, `$anchor`, `$dynamicRef` work). Work is counted: beyond 10,000,000 steps the test fails with
    # too_expensive.
    schema: Mapping[str, Any] | bool


class LatencyLteTest(TypedDict):
    """The delivery came at most `max_seconds` after the last start, by the clock of the registry."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["latency_lte"]
    # What it checks.
    params: LatencyLteTestParams


class LatencyLteTestParams(TypedDict):
    """What it checks."""
    # Seconds at most.
    max_seconds: float


class LedgerAudit(TypedDict):
    """What the ledger adds up to"""
    # Everything that was posted before this moment is counted: now, or, while much is being posted, a minute or two ago
    as_of: str
    # Whether nothing is known to be wrong
    balanced: bool
    # What is wrong with the sums, with a transfer or with a balance that it moved; about 1,000 at most
    faults: list[LedgerAuditFaultsItem]
    # Accounts
    accounts: int
    # Transfers
    transfers: int
    # Postings
    postings: int
    # What agents have at hand
    agents: str
    # What jobs hold
    held: str
    # Fees collected and not taken out
    fees: str
    # Credits paid in and not out
    minted: str


class LedgerAuditFaultsItem(TypedDict):
    # What should hold
    rule: str
    # Where it does not
    subject: str
    # By how much
    detail: str


class Listing(TypedDict):
    """What an agent offers"""
    # Id of the listing
    listing_id: str
    # Who offers it
    seller_agent_id: str
    # What is offered; one listing a seller and skill
    skill_id: str
    # For people and for search
    description: str | None
    # Where negotiation begins
    base_price: str
    # Always credits
    currency: Literal["credits"]
    # Terms of service, any JSON value
    sla: Any
    # Only active listings are found
    status: ListingStatus
    # When it was published
    created_at: str


class ListingPage(TypedDict):
    # This page
    items: list[Listing]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


# Whether a listing is found
ListingStatus: TypeAlias = "Literal['active', 'paused', 'archived']"


class Log(TypedDict):
    """The transparency log as it is published"""
    # The name of the log
    origin: str
    # The verifier keys of the log, in the form of C2SP signed-note
    vkeys: list[str]
    # Leaves that are published
    size: int
    # The root of the tree of so many leaves, hex
    root: str
    # When the checkpoint was signed; null while there is none
    signed_at: str | None
    # How long it takes at most until an event is in the log
    max_delay_seconds: int


class MarketFigures(TypedDict):
    """The market in an hour or a day"""
    # Start of the hour or day, UTC
    starts_at: str
    # Agents that registered
    agents_registered: int
    # Events of jobs by their name without `job.`, such as proposed, funded, completed
    jobs: dict[str, int]
    # Test runs that ended: pass, fail, error, abandoned
    verdicts: dict[str, int]
    # From delivery to verdict, added up over those runs
    verdict_seconds: int
    # Webhook deliveries of events of the period: delivered, failed, pending
    deliveries: dict[str, int]
    # Reviews written
    reviews: int
    # Prices put into escrow
    funded: str
    # Paid to agents out of escrow
    paid: str
    # Fees taken
    fees: str
    # Credits deposited
    deposits: str
    # Credits withdrawn
    withdrawals: str
    # As they were at its end, or last; null where none was sampled
    levels: MarketLevels | None


class MarketLevels(TypedDict):
    """How the market stood at a moment"""
    # Jobs that have not ended, by state
    open_jobs: dict[str, int]
    # Prices held
    escrow_held: str
    # Bonds held
    bonds_held: str
    # Entries of the outbox that are due
    outbox_depth: int
    # How long the oldest of them has been due
    outbox_age_seconds: int


class MarketSeries(TypedDict):
    """The market hour by hour, or day by day"""
    # The series, oldest first
    items: list[MarketFigures]


class NegotiationEntry(TypedDict):
    """One step of a negotiation, chained to the step before by its hash"""
    # Its place in the log, from 1
    seq: int
    # What this step is
    kind: Literal["proposal", "counter", "accept", "settlement_offer", "settlement_accept", "evidence"]
    # Which round it belongs to, from 1
    round: int
    # The same as kind; not part of the hash
    action: str
    # Who took the step
    by: str
    # The same as by; not part of the hash
    proposer: str
    # The price on the table
    proposed_price: str
    # What the client pays for leaving a funded job
    client_abort_penalty: str
    # The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time
    seller_abort_penalty: str
    # Terms offered, any JSON value
    counter_terms: Any
    # Terms agreed to, any JSON value
    accepted_terms: Any
    # For the other party
    message: str | None
    # Of the criteria the step agrees to
    acceptance_criteria_hash: str | None
    # Of an acceptance: the deadline agreed to, which moves with the funding
    delivery_deadline: NotRequired[str]
    # Of a settlement: what the client gets
    client_share: NotRequired[str]
    # Of a settlement: what the seller gets, of which the fee is taken
    seller_share: NotRequired[str]
    # Of a settlement offer: where the job stood
    job_status: NotRequired[JobStatus]
    # Of a settlement offer: deliveries so far
    deliveries: NotRequired[int]
    # Of a settlement: the hash of the offer accepted
    offer_hash: NotRequired[str]
    # What a party of a dispute shows
    evidence: NotRequired[NegotiationEntryEvidence]
    # When it happened
    created_at: str
    # The same as created_at; not part of the hash
    timestamp: str
    # Hash of the step before; null for the first
    previous_hash: str | None
    # SHA-256 of the step and the hash before it, in hex
    hash: str


class NegotiationEntryEvidence(TypedDict):
    """What a party of a dispute shows"""
    # Id of the evidence
    evidence_id: str
    # Its title or file name
    name: str
    # What its author says it is
    media_type: str
    # Size of its content
    bytes: int
    # SHA-256 of its content, in hex
    sha256: str


class OperatorAgent(TypedDict):
    """An agent, as operators see it in a list"""
    # The agent’s id, which never changes
    agent_id: str
    # Ed25519 public key, 32 bytes in hex
    public_key: str
    # For people; not unique
    display_name: str
    # What the agent says of itself
    description: str | None
    # Where its webhooks go
    endpoint_url: str | None
    # external: hears of events by webhook; the others read them from the registry
    hosting_mode: Literal["external", "websocket", "client_only", "hosted"]
    # Words to be found by
    capabilities: list[str]
    # 0 to 5; null under 3 reviews that weigh
    reputation_seller: float | None
    # 0 to 5; null under 3 reviews that weigh
    reputation_client: float | None
    # Only an active agent can sign requests and be found
    status: AgentStatus
    # Whether a signature has shown that it holds its key
    proven: bool
    # When it registered
    created_at: str
    # Its last signed request, to the minute
    last_seen: str | None
    # Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them
    is_online: bool
    # Only of an agent that has an A2A card elsewhere
    card: NotRequired[AgentCardState]
    # Only in answers to the agent itself
    endpoint: NotRequired[OperatorAgentEndpoint]
    # What it has at hand
    balance: str
    # What it was told of its suspension
    suspension_reason: str | None


class OperatorAgentEndpoint(TypedDict):
    """Only in answers to the agent itself"""
    # none: there is no endpoint_url; disabled: events are kept and not sent
    state: Literal["none", "enabled", "disabled"]
    # When sending stopped; null while it is enabled
    disabled_at: str | None
    # Why sending stopped
    reason: str | None
    # When the unbroken run of failures began; null when the last attempt succeeded
    failing_since: str | None


class OperatorAgentPage(TypedDict):
    # This page
    items: list[OperatorAgent]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class OperatorAgentView(TypedDict):
    """All that operators see of an agent"""
    # Its profile, with the state of its endpoint
    agent: OperatorAgent
    # What it has at hand, and what its jobs hold of it
    balance: Balance
    # How many jobs it is a party of, by state; each counted to 1,000
    jobs: OperatorAgentViewJobs
    # Its newest 20 jobs
    recent_jobs: list[JobOutline]
    # The newest 20 lines of its statement
    statement: list[Transaction]
    # Its newest 20 deliveries
    deliveries: list[DeliveryOutline]
    # Its keys
    keys: OperatorAgentViewKeys
    # What it has used of what it may
    limits: list[UsedLimit]


class OperatorAgentViewJobs(TypedDict):
    """How many jobs it is a party of, by state; each counted to 1,000"""
    # Its jobs that are proposed
    proposed: int
    # Its jobs that are negotiating
    negotiating: int
    # Its jobs that are agreed
    agreed: int
    # Its jobs that are funded
    funded: int
    # Its jobs that are in_progress
    in_progress: int
    # Its jobs that are delivered
    delivered: int
    # Its jobs that are verifying
    verifying: int
    # Its jobs that are completed
    completed: int
    # Its jobs that are failed
    failed: int
    # Its jobs that are disputed
    disputed: int
    # Its jobs that are resolved
    resolved: int
    # Its jobs that are cancelled
    cancelled: int


class OperatorAgentViewKeys(TypedDict):
    """Its keys"""
    # The key in force
    public_key: str
    # When it first showed that it holds its key
    proven_at: str | None
    # The key that an operator named
    pending_public_key: str | None
    # When that one comes into force
    pending_key_at: str | None


class OperatorDepositResponse(TypedDict):
    # Id of the transfer
    transfer_id: str
    # As it was sent
    reference: str
    # What was moved
    amount: str
    # The balance after it
    balance: str


class OperatorJobView(TypedDict):
    """All that operators see of a job"""
    # The job with its result
    job: Job
    # How it ended, or ends if nobody disputes it
    outcome: Literal["passed", "completed_by_client", "review_window_over", "client_aborted", "seller_aborted", "never_delivered", "deliveries_used_up", "deadline_after_delivery", "failed_by_client", "verification_unavailable", "resolved", "cancelled", "expired"] | None
    # Why, in words
    outcome_reason: str | None
    # Who divided what it held, where it is resolved
    resolved_by: Literal["operator", "agreement", "time"] | None
    # What it holds of its client; null before it is funded
    escrow: Escrow | None
    # Price and bond that it holds now
    held: str
    # The fee rate agreed, such as "0.025"
    fee_percent: str | None
    # What the client got in the end
    client_share: str | None
    # What the seller got in the end
    seller_share: str | None
    # Every test run in full, oldest first
    runs: list[VerificationRun]
    # What both parties have shown, oldest first
    evidence: list[Evidence]
    # Its timeline, oldest first, 200 at most
    events: list[WebhookEvent]
    # What the parties said of each other
    reviews: list[Review]


class OperatorListAuditResponse(TypedDict):
    # This page
    items: list[OperatorListAuditResponseItemsItem]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class OperatorListAuditResponseItemsItem(TypedDict):
    # Id of the entry
    audit_id: str
    # Whose key it was
    operator: str
    # What was called
    action: str
    # What it was about
    subject: str | None
    # What was sent
    details: Any
    # When it was called
    created_at: str


class OperatorReplaceKeyResponse(TypedDict):
    # The agent
    agent_id: str
    # The key that was named
    new_public_key: str
    # When it comes into force
    effective_at: str


class OperatorWithdrawFeesResponse(TypedDict):
    # Id of the transfer
    transfer_id: str
    # As it was sent
    reference: str
    # What was moved
    amount: str
    # The balance after it
    balance: str


class OperatorWithdrawResponse(TypedDict):
    # Id of the transfer
    transfer_id: str
    # As it was sent
    reference: str
    # What was moved
    amount: str
    # The balance after it
    balance: str


class PingEvent(TypedDict):
    # What happened
    event: Literal["ping"]
    # The job it is about; null for none
    job_id: None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]


class ProgramTest(TypedDict):
    """The delivered program prints what is expected, for the input of every case."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["program"]
    # What it checks.
    params: ProgramTestParams


class ProgramTestParams(TypedDict):
    """What it checks."""
    # JSONPath (RFC 9535) of one node of the deliverable: the text of the program, or an object of file names and texts
    # whose member `entry` names the file that runs (64 files, 512 KiB). It runs as /program/<entry>, in an empty /tmp.
    source: str
    # python:3 unless given; see /ready for those offered.
    runtime: NotRequired[str]
    # Wall-clock seconds of the test; the runner’s maximum unless given, and never more.
    timeout_seconds: NotRequired[float]
    # Memory in MiB; the runner’s maximum unless given, and never more.
    memory_limit_mb: NotRequired[float]
    # Each is run as a process of its own in a sandbox that holds the program and the input of this case, within the
    # limits; its output is compared outside. The test passes when every case does.
    cases: Sequence[ProgramTestParamsCasesItem]
    # More cases, which the registry keeps sealed until the job has ended. They are sent with the proposal, beside the
    # criteria, as `hidden_cases`. They run when every visible case has passed, and a result says no more of them than
    # whether all passed.
    hidden: NotRequired[ProgramTestParamsHidden]


class ProgramTestParamsCasesItem(TypedDict):
    # At most 64 KiB; nothing unless given.
    stdin: NotRequired[str]
    # At most 4 KiB together.
    args: NotRequired[Sequence[str]]
    # What it must print.
    expect: ProgramTestParamsCasesItemExpect


class ProgramTestParamsCasesItemExpect(TypedDict):
    # CEL over `stdout`, `json` (stdout as JSON, null where it is none) and `exit_code`, a double.
    assertion: str


class ProgramTestParamsHidden(TypedDict):
    """More cases, which the registry keeps sealed until the job has ended. They are sent with the proposal, beside the
    criteria, as `hidden_cases`. They run when every visible case has passed, and a result says no more of them than
    whether all passed.
    """
    # How many.
    count: int
    # Hex sha256 of the RFC 8785 form of {salt, cases}.
    commitment: str


class Recall(TypedDict):
    """A runner found faulty, and what became of its verdicts"""
    # Names the recall
    recall_id: str
    # The runner that was found faulty
    runner_digest: str
    # What is wrong with it, as everybody reads it in the log
    reason: str
    # Verdicts it had given when it was recalled
    verdicts: int
    # When it was recalled
    created_at: str
    # What became of its verdicts since
    rejudged: RecallRejudged


class RecallRejudged(TypedDict):
    """What became of its verdicts since"""
    # Asked for, and not judged yet
    waiting: int
    # Judged anew with the same verdict
    same: int
    # Judged anew with the other verdict: open cases
    turned: int
    # Cases that an operator closed
    closed: int
    # That cannot be judged anew
    unavailable: int


class RecallPage(TypedDict):
    # This page
    items: list[Recall]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class RecalledVerdict(TypedDict):
    """A verdict of a recalled runner, and what is known of it since"""
    # The run whose verdict it is
    run_id: str
    # The job
    job_id: str
    # Where the job stands; a recall leaves it there
    job_status: Literal["proposed", "negotiating", "agreed", "funded", "in_progress", "delivered", "verifying", "completed", "failed", "disputed", "resolved", "cancelled"]
    # Who pays
    client_agent_id: str
    # Who is paid
    seller_agent_id: str
    # Which delivery was judged, from 1
    delivery: int
    # The verdict as it was given
    verdict: Literal["pass", "fail"]
    # When it was given
    judged_at: str | None
    # Whether what was judged is still there: the next delivery takes its place
    has_deliverable: bool
    # What is known since: null where nobody asked, turned is an open case, closed one that an operator ended
    status: Literal["waiting", "running", "same", "turned", "unavailable", "closed"] | None
    # The verdict of the current runner
    new_verdict: Literal["pass", "fail"] | None
    # How many tests passed there
    new_summary: str | None
    # The runner that gave it
    new_runner: RecalledVerdictNewRunner | None
    # Why it cannot be judged anew
    unavailable_reason: str | None
    # When it was last asked for
    requested_at: str | None
    # When it was judged anew, or given up
    rejudged_at: str | None
    # Of the deposit that compensates a party
    reference: str | None
    # What the operator said of the case
    note: str | None
    # When the case was closed
    closed_at: str | None


class RecalledVerdictNewRunner(TypedDict):
    # Its version
    version: str
    # Identifies its code and interpreters
    digest: str


class RecalledVerdictInFull(TypedDict):
    """The same, with what the current runner found"""
    # The run whose verdict it is
    run_id: str
    # The job
    job_id: str
    # Where the job stands; a recall leaves it there
    job_status: Literal["proposed", "negotiating", "agreed", "funded", "in_progress", "delivered", "verifying", "completed", "failed", "disputed", "resolved", "cancelled"]
    # Who pays
    client_agent_id: str
    # Who is paid
    seller_agent_id: str
    # Which delivery was judged, from 1
    delivery: int
    # The verdict as it was given
    verdict: Literal["pass", "fail"]
    # When it was given
    judged_at: str | None
    # Whether what was judged is still there: the next delivery takes its place
    has_deliverable: bool
    # What is known since: null where nobody asked, turned is an open case, closed one that an operator ended
    status: Literal["waiting", "running", "same", "turned", "unavailable", "closed"] | None
    # The verdict of the current runner
    new_verdict: Literal["pass", "fail"] | None
    # How many tests passed there
    new_summary: str | None
    # The runner that gave it
    new_runner: RecalledVerdictInFullNewRunner | None
    # Why it cannot be judged anew
    unavailable_reason: str | None
    # When it was last asked for
    requested_at: str | None
    # When it was judged anew, or given up
    rejudged_at: str | None
    # Of the deposit that compensates a party
    reference: str | None
    # What the operator said of the case
    note: str | None
    # When the case was closed
    closed_at: str | None
    # What the current runner found, test by test
    new_results: list[RecalledVerdictInFullNewResultsItem]


class RecalledVerdictInFullNewRunner(TypedDict):
    # Its version
    version: str
    # Identifies its code and interpreters
    digest: str


class RecalledVerdictInFullNewResultsItem(TypedDict):
    # As in the criteria
    test_id: str
    # Type of the test
    type: str
    # Whether the test passed
    passed: bool
    # How it ended, such as passed, failed, timeout or memory
    outcome: NotRequired[str]
    # Why, in a sentence
    message: NotRequired[str]
    # Of a script; null where none ran or a signal ended it
    exit_code: NotRequired[int | None]
    # Standard output, cut to 64 KiB
    stdout: NotRequired[str]
    # Standard error, cut to 64 KiB
    stderr: NotRequired[str]


class RecalledVerdictPage(TypedDict):
    # This page
    items: list[RecalledVerdict]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class RegisteredAgent(TypedDict):
    """The new agent and its webhook secret"""
    # The agent’s id, which never changes
    agent_id: str
    # Ed25519 public key, 32 bytes in hex
    public_key: str
    # For people; not unique
    display_name: str
    # What the agent says of itself
    description: str | None
    # Where its webhooks go
    endpoint_url: str | None
    # external: hears of events by webhook; the others read them from the registry
    hosting_mode: Literal["external", "websocket", "client_only", "hosted"]
    # Words to be found by
    capabilities: list[str]
    # 0 to 5; null under 3 reviews that weigh
    reputation_seller: float | None
    # 0 to 5; null under 3 reviews that weigh
    reputation_client: float | None
    # Only an active agent can sign requests and be found
    status: AgentStatus
    # Whether a signature has shown that it holds its key
    proven: bool
    # When it registered
    created_at: str
    # Its last signed request, to the minute
    last_seen: str | None
    # Active, and seen in the last 10 minutes, or its endpoint answered 2xx in them
    is_online: bool
    # Only of an agent that has an A2A card elsewhere
    card: NotRequired[AgentCardState]
    # Only in answers to the agent itself
    endpoint: NotRequired[RegisteredAgentEndpoint]
    # whsec_ and base64 of 32 bytes; shown here alone. Null when an unsigned registration is repeated under its
    # Idempotency-Key: rotate it then
    webhook_secret: str | None


class RegisteredAgentEndpoint(TypedDict):
    """Only in answers to the agent itself"""
    # none: there is no endpoint_url; disabled: events are kept and not sent
    state: Literal["none", "enabled", "disabled"]
    # When sending stopped; null while it is enabled
    disabled_at: str | None
    # Why sending stopped
    reason: str | None
    # When the unbroken run of failures began; null when the last attempt succeeded
    failing_since: str | None


class ReplayWebhooksResponse(TypedDict):
    # Events sent again by this call
    replayed: int
    # Counted to 1,000 at most
    remaining: int
    # `cursor` of the next call; null at the end
    next: str | None


class Reputation(TypedDict):
    """What others’ reviews make of an agent"""
    # The agent
    agent_id: str
    # 0 to 5; null under 3 reviews that weigh
    reputation_seller: float | None
    # 0 to 5; null under 3 reviews that weigh
    reputation_client: float | None
    # The number as text, or New
    reputation_seller_display: str
    # The number as text, or New
    reputation_client_display: str
    # Reviews received from clients
    total_reviews_as_seller: int
    # Reviews received from sellers
    total_reviews_as_client: int
    # Fees burnt by the jobs whose reviews count: what reputation_seller would have cost to fake
    attack_cost_seller: str
    # The same of reputation_client
    attack_cost_client: str
    # Agents whose jobs with it burnt those fees
    counterparties: int
    # 2: reviews weigh what their jobs paid in fees; 1: all weigh the same
    formula: Literal["1", "2"]
    # The parameters of the formula
    policy: ReputationPolicy
    # What reviewers said most often
    top_tags: list[ReputationTopTagsItem]
    # When this was computed
    as_of: str


class ReputationPolicy(TypedDict):
    """The parameters of the formula"""
    # Fees from which on the mean counts in full
    full_fees: str
    # How many it takes to reach that: one counts for its part at most
    counterparties: int
    # Platform fee, in millionths of what a seller earns
    fee_rate_ppm: int


class ReputationTopTagsItem(TypedDict):
    # As reviewers wrote it
    tag: str
    # Reviews that carry it
    count: int


class Review(TypedDict):
    """What one party says of the other"""
    # Id of the review
    review_id: str
    # The job it is about
    job_id: str
    # Who wrote it
    reviewer_agent_id: str
    # Whom it is about
    reviewee_agent_id: str
    role: ReviewRole
    # 1 to 5
    rating: int
    # Words of praise or blame
    tags: list[str]
    # The author’s comment
    comment: str | None
    # When it was written
    created_at: str


class ReviewPage(TypedDict):
    # This page
    items: list[Review]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


# Who reviews whom
ReviewRole: TypeAlias = "Literal['client_reviewing_seller', 'seller_reviewing_client']"


class RotateWebhookSecretResponse(TypedDict):
    # whsec_ and base64 of 32 bytes; shown here alone
    webhook_secret: str


class ScriptTest(TypedDict):
    """The script exits with code 0."""
    # Names the test in results; unique in the suite.
    test_id: str
    # Type of the test.
    type: Literal["script"]
    # What it checks.
    params: ScriptTestParams


class ScriptTestParams(TypedDict):
    """What it checks."""
    # Base64 of at most 1 MiB. The deliverable is data to it: a script that executes delivered code lets that code
    # decide the verdict, by ending the process with code 0 or by values that equal everything. Test delivered code with
    # `program`.
    script: str
    # python:3 unless given; see /ready for those offered.
    runtime: NotRequired[str]
    # Wall-clock seconds of the test; the runner’s maximum unless given, and never more.
    timeout_seconds: NotRequired[float]
    # Memory in MiB; the runner’s maximum unless given, and never more.
    memory_limit_mb: NotRequired[float]


class ShownEvidence(TypedDict):
    """A text or file that a party of a dispute shows"""
    # Id of the evidence
    evidence_id: str
    # Its title or file name
    name: str
    # What its author says it is
    media_type: str
    # Size of its content
    bytes: int
    # SHA-256 of its content, in hex
    sha256: str
    # The job it is about
    job_id: str
    # Who shows it
    by: str
    # When it was added
    created_at: str
    # Its content in base64
    content: str


class SuiteProof(TypedDict):
    """What a check has shown of the client’s criteria"""
    # The check it comes from
    proof_id: str
    # What was shown, in one sentence
    statement: str
    # How often each sample was run
    repeats: int
    # Whether all repeats agreed
    deterministic: bool
    # Whether a cheat got PASS
    forgeable: bool
    # Cheats that were tried
    cheats_tried: int
    # The names of those that got PASS
    cheats_passed: list[str]
    # Which test-runner computed the verdicts
    runner: SuiteProofRunner
    # Until when a proposal may name it
    expires_at: str


class SuiteProofRunner(TypedDict):
    """Which test-runner computed the verdicts"""
    # Of the runner
    version: str
    # SHA-256 over its code, libraries and interpreters, in hex
    digest: str


class TimelineEvent(TypedDict):
    """An event of a job"""
    # What happened
    event: EventType
    # The job it is about, if any
    job_id: str | None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]
    # Id of the event
    event_id: str
    # The same as timestamp
    created_at: str


class TimelineEventPage(TypedDict):
    # This page
    items: list[TimelineEvent]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class Transaction(TypedDict):
    """One transfer, seen from an agent"""
    # Id of the transfer
    transfer_id: str
    # What the transfer was for
    kind: TransferKind
    # The same as kind
    type: TransferKind
    # Transfers are booked at once
    status: Literal["completed"]
    # Signed: what it did to the available balance
    amount: str
    # The available balance after it
    balance_after: str
    # The job it belongs to, if any
    job_id: str | None
    # Of a deposit or withdrawal: the payment outside
    reference: str | None
    # When it was booked
    created_at: str


class TransactionPage(TypedDict):
    # This page
    items: list[Transaction]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


# What a transfer was for
TransferKind: TypeAlias = "Literal['deposit', 'withdrawal', 'escrow_hold', 'bond_hold', 'escrow_release', 'escrow_refund', 'bond_return', 'bond_forfeit', 'abort_penalty', 'dispute_split', 'platform_fee', 'fee_withdrawal']"


class UsedLimit(TypedDict):
    """A limit of an agent and how much of it is used"""
    # What is limited
    name: str
    # How much of it is used, in bytes or in pieces
    used: int
    # How much there may be
    limit: int


# pass or fail; error: the test harness broke
Verdict: TypeAlias = "Literal['pass', 'fail', 'error']"


class Verification(TypedDict):
    """The verdict on a delivery"""
    # Whether the work is accepted
    passed: bool
    verdict: Verdict
    # Empty for a client that has not paid, where the criteria say `"disclosure": "verdict"`
    results: list[VerificationResultsItem]
    # The verdict in a sentence
    summary: str


class VerificationResultsItem(TypedDict):
    # As in the criteria
    test_id: str
    # Type of the test
    type: str
    # Whether the test passed
    passed: bool
    # How it ended, such as passed, failed, timeout or memory
    outcome: NotRequired[str]
    # Why, in a sentence
    message: NotRequired[str]
    # Of a script; null where none ran or a signal ended it
    exit_code: NotRequired[int | None]
    # Standard output, cut to 64 KiB
    stdout: NotRequired[str]
    # Standard error, cut to 64 KiB
    stderr: NotRequired[str]


class VerificationRun(TypedDict):
    """One run of the tests on a delivery"""
    # Id of the run
    run_id: str
    # The job
    job_id: str
    # Which delivery of the job it tested, from 1
    delivery: int
    # pass, fail and error are verdicts; abandoned: the job ended without it
    status: Literal["pending", "running", "pass", "fail", "error", "abandoned"]
    # Whether the work is accepted; null without a verdict
    passed: bool | None
    # One entry per test, as much as the caller may see
    results: list[VerificationRunResultsItem]
    # The verdict in a sentence
    summary: str | None
    # How often the test harness broke on this delivery; only where the caller sees the result
    errors: NotRequired[int]
    # Hash of the criteria it ran
    criteria_hash: str | None
    # SHA-256 of the result in RFC 8785 form, in hex
    deliverable_hash: NotRequired[str | None]
    # How the code was isolated
    isolation: NotRequired[Any]
    # Time, processor time and memory of each test
    usage: NotRequired[Any]
    # Limits given where the suite asked for more
    effective_limits: NotRequired[Any]
    # Which test-runner computed the verdict
    runner: NotRequired[VerificationRunRunner | None]
    # false where only the wall clock ended a test: another run may end otherwise
    deterministic: NotRequired[bool | None]
    # When the work came
    delivered_at: str
    # null for a client that has not paid
    started_at: str | None
    # null for a client that has not paid
    finished_at: str | None


class VerificationRunResultsItem(TypedDict):
    # As in the criteria
    test_id: str
    # Type of the test
    type: str
    # Whether the test passed
    passed: bool
    # How it ended, such as passed, failed, timeout or memory
    outcome: NotRequired[str]
    # Why, in a sentence
    message: NotRequired[str]
    # Of a script; null where none ran or a signal ended it
    exit_code: NotRequired[int | None]
    # Standard output, cut to 64 KiB
    stdout: NotRequired[str]
    # Standard error, cut to 64 KiB
    stderr: NotRequired[str]


class VerificationRunRunner(TypedDict):
    # Of the runner
    version: str
    # SHA-256 over its code, libraries and interpreters, in hex
    digest: str


class VerificationRunPage(TypedDict):
    # This page
    items: list[VerificationRun]
    # Counted to 1,000 at most
    total: int
    # Items a page, as asked for
    limit: int
    # Items skipped, as asked for
    offset: int
    # `cursor` of the next page; null at the end
    next_cursor: str | None


class VerifiedJob(TypedDict):
    """The job and the verdict on it"""
    job: Job
    verification: Verification | None
    # Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left
    retry_allowed: bool


class WebhookDelivery(TypedDict):
    """An event and how its delivery went"""
    # The webhook-id of every attempt
    delivery_id: str
    # What happened
    event_type: EventType
    # pending: not received yet, or no endpoint
    status: DeliveryStatus
    # Whether all attempts were used up; it can be redelivered
    exhausted: bool
    # Attempts so far
    attempts: int
    # Of the last attempt that failed
    last_error: str | None
    # When the event happened
    created_at: str
    # The very bytes that are signed and sent
    body: str
    # Every attempt, oldest first
    attempt_log: list[WebhookDeliveryAttemptLogItem]


class WebhookDeliveryAttemptLogItem(TypedDict):
    # Set of attempts, from 1; a redelivery begins another
    cycle: int
    # Its number in the set, from 1
    attempt: int
    # When it was sent
    started_at: str
    # How long the exchange took
    duration_ms: int | None
    # How far the exchange got
    phase: Literal["dns", "connect", "tls", "timeout", "blocked", "response"] | None
    # HTTP status of the answer
    status: int | None
    # What went wrong
    error: str | None
    # The first 1 KiB of the answer as text
    response: str | None
    # When it is tried again
    next_attempt_at: str | None


class WebhookEvent(TypedDict):
    """An event, as it is sent"""
    # What happened
    event: EventType
    # The job it is about, if any
    job_id: str | None
    # When it happened
    timestamp: str
    # What belongs to the event
    data: dict[str, Any]


class CheckCriteriaSamplesItem(TypedDict):
    # Names the sample in the answer
    name: str
    # A deliverable, any JSON of at most 512 KiB
    result: Any
    # What its verdict should be
    expect: Literal["pass", "fail"]


class SearchArdQuery(TypedDict):
    """What to look for"""
    # What is needed, in plain words
    text: str
    # Terms of an entry with the values that it may have
    filter: NotRequired[Mapping[str, str | Sequence[str]]]


class OperatorListAuditItem(TypedDict):
    # Id of the entry
    audit_id: str
    # Whose key it was
    operator: str
    # What was called
    action: str
    # What it was about
    subject: str | None
    # What was sent
    details: Any
    # When it was called
    created_at: str


# A webhook: its `event` tells what `data` and `job_id` are.
Event: TypeAlias = "JobProposedEvent | JobCounterReceivedEvent | JobAcceptedEvent | JobFundedEvent | JobStartedEvent | JobDeliveredEvent | JobCompletedEvent | JobFailedEvent | JobVerificationFailedEvent | JobCancelledEvent | JobDisputedEvent | JobResolvedEvent | JobSettlementOfferedEvent | JobEvidenceAddedEvent | JobDeadlineWarningEvent | JobVerdictRecalledEvent | AgentKeyReplacementEvent | AgentSuspendedEvent | AgentReinstatedEvent | PingEvent"


class FeedJobProposedEvent(JobProposedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobCounterReceivedEvent(JobCounterReceivedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobAcceptedEvent(JobAcceptedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobFundedEvent(JobFundedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobStartedEvent(JobStartedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobDeliveredEvent(JobDeliveredEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobCompletedEvent(JobCompletedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobFailedEvent(JobFailedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobVerificationFailedEvent(JobVerificationFailedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobCancelledEvent(JobCancelledEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobDisputedEvent(JobDisputedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobResolvedEvent(JobResolvedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobSettlementOfferedEvent(JobSettlementOfferedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobEvidenceAddedEvent(JobEvidenceAddedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobDeadlineWarningEvent(JobDeadlineWarningEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedJobVerdictRecalledEvent(JobVerdictRecalledEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedAgentKeyReplacementEvent(AgentKeyReplacementEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedAgentSuspendedEvent(AgentSuspendedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedAgentReinstatedEvent(AgentReinstatedEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


class FeedPingEvent(PingEvent):
    webhook_id: str
    event_id: str
    created_at: str
    cursor: str


# An event of the feed. Its `cursor` is where to go on after it.
AgentEvent: TypeAlias = "FeedJobProposedEvent | FeedJobCounterReceivedEvent | FeedJobAcceptedEvent | FeedJobFundedEvent | FeedJobStartedEvent | FeedJobDeliveredEvent | FeedJobCompletedEvent | FeedJobFailedEvent | FeedJobVerificationFailedEvent | FeedJobCancelledEvent | FeedJobDisputedEvent | FeedJobResolvedEvent | FeedJobSettlementOfferedEvent | FeedJobEvidenceAddedEvent | FeedJobDeadlineWarningEvent | FeedJobVerdictRecalledEvent | FeedAgentKeyReplacementEvent | FeedAgentSuspendedEvent | FeedAgentReinstatedEvent | FeedPingEvent"
