/** A way in which Redis does less than it should. */
export interface Degradation {
  /** For metrics and /ready. */
  readonly reason: string;
  /** For a person, after "Redis". */
  readonly what: string;
}

export const OUT_OF_REACH: Degradation = { reason: 'out_of_reach', what: 'is out of reach' };
export const FORGOT: Degradation = { reason: 'forgot', what: 'has forgotten what it was told' };
export const EVICTS: Degradation = {
  reason: 'evicts',
  what: 'evicts keys, as its maxmemory_policy is not noeviction',
};
/** Until a server takes over that is not one, each command asks for a new connection. */
export const READ_ONLY: Degradation = { reason: 'READONLY', what: 'is a read-only replica' };
const TIMED_OUT: Degradation = { reason: 'timed_out', what: 'does not answer in time' };
const FAILED: Degradation = { reason: 'failed', what: 'answers with errors' };
const ANSWERS: readonly Degradation[] = [
  READ_ONLY,
  { reason: 'OOM', what: 'is out of memory' },
  { reason: 'MISCONF', what: 'cannot write its disk' },
  { reason: 'LOADING', what: 'is still loading' },
];

/** What a command that failed says of the server. */
export function describeFailure(error: unknown): Degradation {
  const message = error instanceof Error ? error.message : '';
  const answer = ANSWERS.find(({ reason }) => message.startsWith(reason));
  if (answer !== undefined) return answer;
  if (message === 'Command timed out') return TIMED_OUT;
  return /not ready|closed|isn't writeable|ECONN|EPIPE/i.test(message) ? OUT_OF_REACH : FAILED;
}

/** Who a server says it is, whether it takes no writes, and what it does when its memory is full: null where it does not say. */
export function readInfo(text: string): { runId: string; isReplica: boolean; policy: string | null } {
  const runId = /^run_id:([0-9a-f]{40})/m.exec(text)?.[1];
  if (runId === undefined) throw new Error('INFO lacks run_id');
  const isReplica = /^role:(?:slave|replica)\b/m.test(text);
  return { runId, isReplica, policy: /^maxmemory_policy:(\S+)/m.exec(text)?.[1] ?? null };
}
