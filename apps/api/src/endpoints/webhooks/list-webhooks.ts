import { listDeliveries } from '@agent-registry/db';
import { viewDeliveries } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { Answer, reading } from '../../endpoint.ts';
import { keysetPage, linkToNext } from '../../page.ts';

export const listWebhooks = reading({
  contract: contracts.listWebhooks,
  async read(context, { params, query, path }) {
    const page = await keysetPage({
      name: 'webhooks',
      request: query,
      rows: ({ after, ...rest }) =>
        listDeliveries(context.db, params.agent_id, query.status ?? null, {
          ...rest,
          after: after === null ? null : { createdAt: after.at, deliveryId: after.id },
        }),
      count: null,
      position: (delivery) => ({ at: delivery.created_at, id: delivery.delivery_id }),
      present: (deliveries) => viewDeliveries(context.db, deliveries),
    });
    const wanted = { limit: page.limit, status: query.status };
    const link = linkToNext(context.config.publicBaseUrl, path, wanted, page.next_cursor);
    return new Answer(page.items, { headers: link });
  },
});
