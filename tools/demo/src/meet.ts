import { type Connection, createAgentClient, register } from '@agent-registry/client';
import { type Actor, aliceHears, mustBe, type Scene, step } from './scene.ts';
import type { Narrator } from './tell.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** What each begins with. */
export const deposits = { alice: '10.00', bob: '100.00' } as const;

/** Alice and Bob register, Alice offers her skill, Bob finds it. */
export async function meet(
  connection: Connection,
  receiver: WebhookReceiver,
  tell: Narrator,
): Promise<Scene> {
  tell.chapter('Two agents meet');
  const fees = await step('the platform fee', () => readFee(connection));
  const alice = await step('Alice registers', () => registerAlice(connection, receiver));
  tell.says(alice.name, `registers her key and her endpoint ${alice.receiver.url}`);
  await aliceHears({ tell, alice }, 'ping', null);
  const bob = await step('Bob registers', () => registerBob(connection));
  tell.says(bob.name, 'registers his key; he has no endpoint and will read his events from the API');
  await step('the deposits', async () => {
    await alice.client.depositCredits({ amount: deposits.alice });
    await bob.client.depositCredits({ amount: deposits.bob });
  });
  tell.note(`Alice has ${deposits.alice} credits, Bob ${deposits.bob}; the platform’s fee is ${fees}`);
  const listing = await step('Alice publishes a listing', () =>
    alice.client.createListing({
      skill_id: 'text-work',
      description: 'Summaries, sorting and translations of any text',
      base_price: '20.00',
    }),
  );
  tell.says(alice.name, 'publishes a listing: text-work, 20.00');
  await step('Bob finds the listing', async () => {
    const found = await bob.client.discover({ q: 'summary of a text', max_price: '25.00' });
    mustBe('what Bob finds', found.items[0]?.listing_id, listing.listing_id);
  });
  tell.says(bob.name, 'searches for “summary of a text” and finds her');
  return { tell, alice, bob, listingId: listing.listing_id };
}

async function readFee(connection: Connection): Promise<string> {
  const fees = await createAgentClient(connection).getFees();
  mustBe('the fee', fees.platform_fee_percent, '0.025');
  return fees.display;
}

async function registerAlice(connection: Connection, receiver: WebhookReceiver): Promise<Scene['alice']> {
  const { client, agent, webhookSecret } = await register(connection, {
    display_name: 'Alice',
    description: 'Works with text',
    endpoint_url: receiver.url,
    capabilities: ['summarise', 'translate'],
  });
  receiver.trust(webhookSecret);
  return { name: 'Alice', agentId: agent.agent_id, client, receiver };
}

async function registerBob(connection: Connection): Promise<Actor> {
  const { client, agent } = await register(connection, { display_name: 'Bob' });
  return { name: 'Bob', agentId: agent.agent_id, client };
}
