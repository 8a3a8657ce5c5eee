import { findAgent, findAgentCard } from '@agent-registry/db';
import { recheckCard } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing, reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { presentCardReport } from '../../present/card.ts';

export const getCardReport = reading({
  contract: contracts.getCardReport,
  async read({ db }, { params }) {
    // From the database, not from the caller's row: that may be older than what the dispatcher has just found.
    const [agent, card] = await Promise.all([
      findAgent(db, params.agent_id),
      findAgentCard(db, params.agent_id),
    ]);
    return presentCardReport(existing(agent, 'agent'), card);
  },
});

export const checkCard = changing({
  contract: contracts.checkCard,
  async run(op, { params }) {
    const agent = await recheckCard(op, { agentId: params.agent_id });
    return presentCardReport(agent, await findAgentCard(op.trx, params.agent_id));
  },
});
