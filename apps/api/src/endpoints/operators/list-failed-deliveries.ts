import { countFailedDeliveries, listFailedDeliveries as list } from '@agent-registry/db';
import { viewDeliveries } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';

export const listFailedDeliveries = reading({
  contract: contracts.operatorListFailedDeliveries,
  read(context, { query }) {
    const agentId = query.agent_id ?? null;
    return keysetPage({
      name: 'failed-deliveries',
      request: query,
      rows: ({ after, ...rest }) =>
        list(context.db, agentId, {
          ...rest,
          after: after === null ? null : { createdAt: after.at, deliveryId: after.id },
        }),
      count: (limit) => countFailedDeliveries(context.db, agentId, limit),
      position: (delivery) => ({ at: delivery.created_at, id: delivery.delivery_id }),
      present: async (deliveries) => {
        const views = await viewDeliveries(context.db, deliveries);
        return views.map((view, index) => ({ ...view, agent_id: deliveries[index]!.agent_id }));
      },
    });
  },
});
