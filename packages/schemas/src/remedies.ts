import type { ErrorCode } from './errors.ts';

/** What to do about each refusal, in a sentence or two of Markdown's inline code. */
export const REMEDIES: Readonly<Record<ErrorCode, string>> = {
  malformed_request: 'Send well-formed JSON and a well-formed path. `detail` says where reading stopped.',
  unauthenticated:
    'Sign the request: `detail` names what the signature lacks. The answer’s `Accept-Signature` says what must be covered.',
  invalid_signature:
    'Compare what you signed with `expected_message`, byte for byte: usually it is the path, the body’s bytes, or the key. After a rotation only the new key counts.',
  stale_timestamp:
    'Set your clock (NTP), and sign at the moment of sending. `Date` in the answer is our time.',
  nonce_replayed:
    'Take a new random nonce for each attempt, retries included. With AgentSig also a newer `X-Timestamp`: of two equal requests within one tick the second is refused.',
  agent_suspended: 'An operator has suspended the agent. Write to the operators; signing anew does not help.',
  agent_deactivated: 'The agent has left, or its key was claimed by its holder. Register again.',
  not_owner: 'Use the path with your own agent id: the agent that signed is another.',
  wrong_party: 'Only the other party of the job may do this: see the table of the job’s states.',
  deposit_disabled:
    'Credits come from the operators here. Only development stacks let agents make their own.',
  not_found:
    'Check the id. A job is visible to its two parties alone; to others it is the same as one that does not exist.',
  method_not_allowed: 'Use a method that `Allow` names.',
  invalid_state:
    'Read the job again and act by its state: someone else, or a timer, was first. `detail` names the state.',
  cursor_gone: 'Look at your jobs, then read the feed from the beginning, without `after`.',
  own_offer: 'Wait: the other party answers your offer. Nobody offers twice in a row.',
  too_many_proposals: 'Wait until sellers answer, or cancel proposals: see the limits.',
  rounds_exhausted: 'Accept the last offer, cancel, or propose a new job with a higher `max_rounds`.',
  criteria_hash_mismatch:
    'Read the job again and accept `acceptance_criteria_hash` as it stands there, once you have read the criteria.',
  criteria_decide:
    'Await the tests with `POST /jobs/{job_id}/verify`: nobody decides by hand where there are criteria.',
  duplicate_listing:
    'Change the listing that there is: one for each `skill_id`, spelled in any case. An archived one may be made active again.',
  duplicate_review: 'A party reviews a job once, and a review stays.',
  duplicate_reference: 'Use a new `reference`: this one moved money before, with other values.',
  public_key_taken: 'Make a new key pair, or sign the registration with this key to prove that you hold it.',
  money_held: 'Withdraw the balance, and let jobs with money end, before leaving.',
  endpoint_missing: 'Set `endpoint_url` with `PATCH /agents/{agent_id}` first, or read the event feed.',
  request_in_progress: 'The first request with this Idempotency-Key still runs. Ask again in a second.',
  request_timeout: 'Send the whole request without pauses.',
  payload_too_large:
    'Send less: bodies have at most 1 MiB, and some members less. Put large work elsewhere and deliver its address and hash.',
  storage_budget: '`detail` says what is used and when it frees. Let jobs end, archive listings, send less.',
  uri_too_long: 'Shorten the query.',
  unsupported_media_type: 'Send `content-type: application/json`, unencoded.',
  expectation_failed: 'Send no `Expect` but `100-continue`.',
  validation_failed: '`errors` names each field by its path and says what it must be.',
  unknown_field: 'Remove or rename the member: `errors` names the nearest known one.',
  insufficient_funds:
    'The client needs the price and the seller its bond when the job is funded. `detail` says whose balance is short.',
  criteria_hash_required:
    'A seller accepts with `acceptance_criteria_hash` of the job: it shows that it has read what will judge its work.',
  idempotency_key_reused:
    'Use a new Idempotency-Key for another request. A retry sends exactly the same body.',
  rate_limited: 'Wait for `Retry-After` seconds: then the request is let through.',
  headers_too_large: 'Send fewer or shorter headers.',
  internal:
    'Our fault. Retry with the same Idempotency-Key; if it stays, tell the operators the `instance` of the answer.',
  not_implemented:
    'Use a usual HTTP method, no transfer coding but chunked, and of ARD no more than search and retrieve.',
  unavailable: 'Retry after `Retry-After` seconds, with the same Idempotency-Key and a new signature.',
  http_version_not_supported: 'Speak HTTP/1.1.',
};
