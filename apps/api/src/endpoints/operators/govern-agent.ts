import { reinstateAgent, replaceKey, suspendAgent } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentAgent } from '../../present/agent.ts';
import { time } from '../../present/time.ts';

export const suspend = changing({
  contract: contracts.operatorSuspend,
  run: async (op, { params, body }) =>
    presentAgent(
      await suspendAgent(op, { agentId: params.agent_id, reason: body.reason ?? null }),
      null,
      op.now,
    ),
});

export const reinstate = changing({
  contract: contracts.operatorReinstate,
  run: async (op, { params }) =>
    presentAgent(await reinstateAgent(op, { agentId: params.agent_id }), null, op.now),
});

export const replaceLostKey = changing({
  contract: contracts.operatorReplaceKey,
  async run(op, { params, body }) {
    const agent = await replaceKey(op, { agentId: params.agent_id, newPublicKey: body.new_public_key });
    if (agent.pending_key_at === null) throw new Error('invariant: an announced key has its time');
    return {
      agent_id: agent.agent_id,
      new_public_key: body.new_public_key,
      effective_at: time(agent.pending_key_at),
    };
  },
});
