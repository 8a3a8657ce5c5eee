/**
 * Every way a request can be refused, with the HTTP status it travels under and the sentence that
 * titles it (RFC 9457). The list is closed: agents switch on `code`.
 */
export const ERROR_CODES = {
  malformed_request: [400, 'The request is not well-formed'],
  unauthenticated: [401, 'Credentials are missing'],
  invalid_signature: [401, 'The signature does not verify'],
  stale_timestamp: [401, 'The timestamp is too far from now'],
  nonce_replayed: [401, 'The nonce was used before'],
  agent_suspended: [403, 'The agent is suspended'],
  agent_deactivated: [403, 'The agent is deactivated'],
  not_owner: [403, 'Only the agent itself may do this'],
  wrong_party: [403, 'The other party of the job may do this'],
  deposit_disabled: [403, 'Development deposits are switched off'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'The path does not take this method'],
  invalid_state: [409, 'The current state does not allow this'],
  own_offer: [409, "The last offer is the other party's to answer"],
  too_many_proposals: [409, 'Too many proposals are open'],
  rounds_exhausted: [409, 'The negotiation has no rounds left'],
  criteria_hash_mismatch: [409, 'The acceptance criteria hash does not match'],
  criteria_decide: [409, 'The acceptance criteria decide this job'],
  duplicate_listing: [409, 'A listing for this skill exists'],
  duplicate_review: [409, 'This party has reviewed the job'],
  duplicate_reference: [409, 'The reference was used for something else'],
  public_key_taken: [409, 'The public key is registered'],
  money_held: [409, 'Money is held or owned'],
  endpoint_missing: [409, 'The agent has no endpoint_url'],
  request_in_progress: [409, 'The same request is still running'],
  cursor_gone: [410, 'The cursor leads nowhere any more'],
  request_timeout: [408, 'The request did not arrive in time'],
  payload_too_large: [413, 'The body is too large'],
  storage_budget: [413, 'The storage budget is used up'],
  uri_too_long: [414, 'The path or query is too long'],
  unsupported_media_type: [415, 'The body is not JSON'],
  expectation_failed: [417, 'The expectation cannot be met'],
  validation_failed: [422, 'A field is not acceptable'],
  unknown_field: [422, 'A member or parameter is not known'],
  insufficient_funds: [422, 'A balance is too small'],
  criteria_hash_required: [422, 'The acceptance criteria hash is required'],
  idempotency_key_reused: [422, 'The idempotency key was used for another request'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal: [500, 'Something failed on our side'],
  not_implemented: [501, 'This is not implemented here'],
  unavailable: [503, 'The registry cannot answer now'],
  http_version_not_supported: [505, 'The HTTP version is not spoken here'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One unacceptable field: `path` in dotted form (`tests.0.params.schema`), `message` for a person. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** What a refusal may carry beside its code and detail. */
export interface RefusalExtras {
  readonly errors?: readonly FieldError[];
  /** Whole seconds after which a retry is worth it. */
  readonly retryAfterSeconds?: number;
  /** Further members of the problem. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The registry's refusal: thrown anywhere, turned into problem+json in one place. */
export class RegistryError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, detail: string, extras: RefusalExtras = {}) {
    super(`${code}: ${detail}`, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'RegistryError';
    this.code = code;
    this.detail = detail;
    this.errors = extras.errors;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.members = extras.members;
  }
}

/** HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return ERROR_CODES[code][0];
}

/** A validation refusal for one field. */
export function fieldRefusal(path: string, message: string): RegistryError {
  return new RegistryError('validation_failed', `${path}: ${message}`, { errors: [{ path, message }] });
}
