import { listDeliveries } from '@agent-registry/db';
import { viewDeliveries } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { Answer, reading } from '../../endpoint.ts';
import { cutLarge, keysetPage, linkToNext } from '../../page.ts';

export const listWebhooks = reading({
  contract: contracts.listWebhooks,
  async read(context, { params, query, path }) {
    const page = await context.largeLists.run(params.agent_id, () =>
      keysetPage({
        name: 'webhooks',
        request: query,
        rows: async (wanted) => {
          const deliveries = await listDeliveries(context.db, params.agent_id, query.status ?? null, wanted);
          return cutLarge(await viewDeliveries(context.db, deliveries));
        },
        count: null,
        position: (delivery) => ({ at: new Date(delivery.created_at), id: delivery.delivery_id }),
        present: (deliveries) => [...deliveries],
      }),
    );
    const wanted = { limit: page.limit, status: query.status };
    const link = linkToNext(context.config.publicBaseUrl, path, wanted, page.next_cursor);
    return new Answer(page.items, { headers: link });
  },
});
