import type { ErrorCode } from '@agent-registry/client';

/** What to do about a refusal, where the refusal alone does not say. */
const NEXT_STEPS: Readonly<Partial<Record<ErrorCode | 'unknown', string>>> = {
  unauthenticated:
    'The registry does not know this agent: agent-registry whoami shows which profile and registry are used.',
  invalid_signature:
    'The key is not the one that this registry has for the agent: look at --profile and --registry, or rotate the key from where it is right.',
  stale_timestamp: 'This machine’s clock is wrong: set it, and try again.',
  agent_suspended: 'Ask the people who run the registry.',
  wrong_party: 'The other party of the job does this: choose its profile with --profile.',
  not_owner: 'Choose the owner’s profile with --profile.',
  deposit_disabled: 'This registry takes deposits from its operators alone.',
  not_found: 'Look at the id, and whether this profile is a party: agent-registry jobs list.',
  invalid_state: 'See where the job stands: agent-registry jobs show <job_id>.',
  own_offer: 'The other party answers first: agent-registry jobs watch <job_id>.',
  criteria_hash_mismatch:
    'Read the job again, and accept what it says now: agent-registry jobs show <job_id>.',
  criteria_hash_required: 'agent-registry jobs accept names the hash of the criteria that it has read.',
  criteria_decide: 'The criteria decide: agent-registry jobs verify <job_id> waits for the verdict.',
  duplicate_listing: 'Change the listing that there is: agent-registry listings update <listing_id>.',
  money_held: 'Wait until its jobs have ended, and have its credits withdrawn.',
  endpoint_missing: 'Give the agent an endpoint_url, or follow its events: agent-registry events --follow.',
  insufficient_funds: 'See what is at hand: agent-registry balance. A seller needs its bond at hand, too.',
  rate_limited: 'Wait as long as it says, then try again.',
  unknown: 'Something between here and the registry answered: look at --registry.',
};

/** A sentence on what to do next; undefined where the refusal says it. */
export function nextStep(code: ErrorCode | 'unknown'): string | undefined {
  return NEXT_STEPS[code];
}
