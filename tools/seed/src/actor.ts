import type { CastMember } from './cast.ts';
import type { Skill } from './skills.ts';

/** A simulated agent, once it is registered. */
export interface Actor extends CastMember {
  readonly agentId: string;
  readonly listings: readonly { readonly listingId: string; readonly skill: Skill; readonly cents: number }[];
}
