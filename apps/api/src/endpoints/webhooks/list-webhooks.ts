import { type KeysetPage, listDeliveries } from '@agent-registry/db';
import { viewDeliveries } from '@agent-registry/operations';
import { contracts, type DeliveryStatus } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';
import { Answer, reading } from '../../endpoint.ts';
import { cutLarge, keysetPage, linkToNext } from '../../page.ts';

export const listWebhooks = reading({
  contract: contracts.listWebhooks,
  async read(context, { params, query, path }) {
    const page = await context.largeLists.run(params.agent_id, () =>
      keysetPage({
        name: 'webhooks',
        request: query,
        rows: async (wanted) =>
          cutLarge(
            await viewDeliveries(
              context.db,
              await deliveriesOf(context, params.agent_id, query.status, wanted),
            ),
          ),
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

function deliveriesOf(
  context: ApiContext,
  agentId: string,
  status: DeliveryStatus | undefined,
  { after, ...rest }: KeysetPage,
) {
  const place = after === null ? null : { createdAt: after.at, deliveryId: after.id };
  return listDeliveries(context.db, agentId, status ?? null, { ...rest, after: place });
}
