import type { CastMember } from './cast.ts';
import type { Skill } from './skills.ts';

/** A listing, and when it is withdrawn. */
export interface Offered {
  readonly listingId: string;
  readonly skill: Skill;
  readonly cents: number;
  readonly until: Date | null;
}

/** A simulated agent, once it is registered. */
export interface Actor extends CastMember {
  readonly agentId: string;
  readonly listings: readonly Offered[];
}
