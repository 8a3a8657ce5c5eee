import { proveAgentKey } from '@agent-registry/db';
import type { Op } from '../op.ts';
import { logKey } from './register-agent.ts';

/** Notes that an agent proved to hold its key, the first time it signs a request: once, whoever else notes it. */
export async function proveKey(op: Op, input: { agentId: string; publicKey: string }): Promise<void> {
  if (!(await proveAgentKey(op.trx, { ...input, now: op.now }))) return;
  logKey(op, { agentId: input.agentId, key: input.publicKey, previous: null, reason: 'proven' });
}
