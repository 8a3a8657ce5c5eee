import { countFailedDeliveries, listFailedDeliveries as list } from '@agent-registry/db';
import { viewDeliveries } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { cutLarge, keysetPage } from '../../page.ts';

export const listFailedDeliveries = reading({
  contract: contracts.operatorListFailedDeliveries,
  read(context, { query }) {
    const agentId = query.agent_id ?? null;
    return context.largeLists.run('operator', () =>
      keysetPage({
        name: 'failed-deliveries',
        request: query,
        rows: async (page) => {
          const deliveries = await list(context.db, agentId, page);
          const views = await viewDeliveries(context.db, deliveries);
          return cutLarge(views.map((view, index) => ({ ...view, agent_id: deliveries[index]!.agent_id })));
        },
        count: (limit) => countFailedDeliveries(context.db, agentId, limit),
        position: (delivery) => ({ at: new Date(delivery.created_at), id: delivery.delivery_id }),
        present: (deliveries) => [...deliveries],
      }),
    );
  },
});
