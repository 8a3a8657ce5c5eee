import { replayWebhooks as replay } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const replayWebhooks = changing({
  contract: contracts.replayWebhooks,
  run(op, { params, body }) {
    return replay(op, {
      agentId: params.agent_id,
      since: body.since,
      until: body.until,
      events: body.events ?? null,
      cursor: body.cursor ?? null,
    });
  },
});
