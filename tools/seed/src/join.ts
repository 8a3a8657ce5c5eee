import { createListing, registerAgent, updateAgent, updateListing } from '@agent-registry/operations';
import type { Actor, Offered } from './actor.ts';
import type { CastMember } from './cast.ts';
import type { Stage, Story } from './simulation.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** By then it has an endpoint, if it is to have one; deliveries are kept for a month only. */
const ENDPOINT_AFTER_DAYS = 42;

/** An agent registers, proving its key, and offers what it sells. */
export async function* registerActor(
  { act, now, random }: Stage,
  member: CastMember,
  onRegistered: (actor: Actor) => void,
): Story {
  const agent = await act(async (op) => {
    const registration = {
      publicKey: member.publicKey,
      isProven: true,
      displayName: member.name,
      description: member.description,
      endpointUrl: null,
      hostingMode: null,
      capabilities: member.capabilities,
    };
    return (await registerAgent(op, registration)).agent;
  });
  const endpointAt = new Date(now().getTime() + ENDPOINT_AFTER_DAYS * DAY);
  const listings: Offered[] = [];
  for (const skill of member.sells) {
    yield random.whole(3, 40) * MINUTE;
    const [least, most] = skill.price;
    const cents = Math.round(random.whole(least, most) / 10) * 10;
    const description = random.pick(skill.descriptions);
    const offer = {
      sellerId: agent.agent_id,
      skillId: skill.id,
      terms: { description, base_price: BigInt(cents), sla: JSON.stringify(skill.sla) },
    };
    const { listing_id: listingId } = await act((op) => createListing(op, offer));
    const isWithdrawn = listings.length > 0 && random.chance(0.3);
    listings.push({ listingId, skill, cents, until: isWithdrawn ? endpointAt : null });
  }
  onRegistered({ ...member, agentId: agent.agent_id, listings });
  yield endpointAt.getTime() - now().getTime();
  const { endpointUrl } = member;
  if (endpointUrl !== null) await act((op) => updateAgent(op, { agentId: agent.agent_id, endpointUrl }));
  for (const { listingId } of listings.filter(({ until }) => until !== null)) {
    const status = random.pick(['paused', 'archived'] as const);
    await act((op) => updateListing(op, { listingId, actorId: agent.agent_id, status }));
  }
}
