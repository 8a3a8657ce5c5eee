import { keyInForce, lockAgentAndKey } from '@agent-registry/db';
import { rotateKey as rotate } from '@agent-registry/operations';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentAgent } from '../../present/agent.ts';

export const rotateKey = changing({
  contract: contracts.rotateKey,
  async run(op, { params, body, caller }) {
    // Two rotations at once were both signed by the old key: to the second one it is dead.
    const agent = await lockAgentAndKey(op.trx, params.agent_id);
    if (agent === undefined || keyInForce(agent, op.now) !== caller.publicKey) {
      throw new RegistryError('invalid_signature', 'The key that signed this request was just replaced.');
    }
    const rotated = await rotate(op, {
      agentId: params.agent_id,
      newPublicKey: body.new_public_key,
      proof: body.proof,
    });
    return presentAgent(rotated, rotated.agent_id, op.now);
  },
});
