import { createListing, registerAgent, updateAgent, updateListing } from '@agent-registry/operations';
import type { Actor } from './actor.ts';
import type { CastMember } from './cast.ts';
import type { Simulation, Story } from './simulation.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** By then it has an endpoint, if it is to have one; deliveries are kept for a month only. */
const ENDPOINT_AFTER_DAYS = 42;

/** An agent registers, proving its key, and offers what it sells. */
export async function* registerActor(
  { act, random }: Simulation,
  member: CastMember,
  onRegistered: (actor: Actor) => void,
): Story {
  const own = random.derive(`listings of ${member.name}`);
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
  const listings: Actor['listings'][number][] = [];
  for (const skill of member.sells) {
    yield own.whole(3, 40) * MINUTE;
    const [least, most] = skill.price;
    const cents = Math.round(own.whole(least, most) / 10) * 10;
    const description = own.pick(skill.descriptions);
    const offer = {
      sellerId: agent.agent_id,
      skillId: skill.id,
      terms: { description, base_price: BigInt(cents), sla: JSON.stringify(skill.sla) },
    };
    const { listing_id: listingId } = await act((op) => createListing(op, offer));
    listings.push({ listingId, skill, cents });
  }
  onRegistered({ ...member, agentId: agent.agent_id, listings });
  yield ENDPOINT_AFTER_DAYS * DAY;
  const { endpointUrl } = member;
  if (endpointUrl !== null) await act((op) => updateAgent(op, { agentId: agent.agent_id, endpointUrl }));
  const [, second] = listings;
  if (second === undefined || !own.chance(0.3)) return;
  listings.splice(1);
  const status = own.pick(['paused', 'archived'] as const);
  await act((op) => updateListing(op, { listingId: second.listingId, actorId: agent.agent_id, status }));
}
