import type { AgentStatus, CardStatus, HostingMode, ListingStatus } from '@agent-registry/schemas';
import type { Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely';
import type { JsonText } from './columns.ts';

export interface AgentsTable {
  agent_id: string;
  public_key: string;
  pending_public_key: string | null;
  pending_key_at: Date | null;
  display_name: string;
  description: string | null;
  endpoint_url: string | null;
  /** The URL that has answered 2xx; the endpoint is verified while it is this one. */
  endpoint_verified_url: Generated<string | null>;
  hosting_mode: HostingMode;
  capabilities: string[];
  status: AgentStatus;
  /** What the agent is told of its suspension. */
  suspension_reason: Generated<string | null>;
  reputation_seller: number | null;
  reputation_client: number | null;
  reviews_as_seller: Generated<number>;
  reviews_as_client: Generated<number>;
  reputation_as_of: Date;
  reputation_due_at: Date | null;
  /** Cents of fees in the reviews that count. */
  attack_cost_seller: Generated<bigint>;
  attack_cost_client: Generated<bigint>;
  /** Agents who paid those. */
  counterparties: Generated<number>;
  /** `reputation_as_of` by code that weighs fees; another time where older code has scored since. */
  scored_as_of: Generated<Date | null>;
  /** The formula and its parameters, as `reputationFormula` names them. */
  scored_by: Generated<string | null>;
  /** Sealed with context `webhook-secret:<agent_id>`. */
  webhook_secret: string;
  previous_webhook_secret: string | null;
  previous_secret_until: Date | null;
  endpoint_disabled_at: Date | null;
  endpoint_disabled_reason: string | null;
  endpoint_failing_since: Date | null;
  endpoint_failures: Generated<number>;
  last_seen: Date | null;
  /** When the endpoint last answered 2xx, to the minute. */
  endpoint_answered_at: Generated<Date | null>;
  /** Whether it has ever had a listing; kept by a trigger. */
  is_seller: Generated<boolean>;
  /** When a signature first proved that the agent holds its key. */
  proven_at: Generated<Date | null>;
  /** When whoever holds the key took it over, by a signed registration, from this agent that never proved to. */
  displaced_at: Generated<Date | null>;
  /** Where it keeps an A2A card. */
  agent_card_url: Generated<string | null>;
  card_status: Generated<CardStatus | null>;
  card_checked_at: Generated<Date | null>;
  /** The key that had signed the card when it was last verified. */
  card_key: Generated<string | null>;
  created_at: Date;
  updated_at: Date;
}

export interface ReviewsTable {
  review_id: string;
  job_id: string;
  reviewer_agent_id: string;
  reviewee_agent_id: string;
  role: 'client_reviewing_seller' | 'seller_reviewing_client';
  rating: number;
  tags: string[];
  comment: string | null;
  /** Cents, by `weighReview`; null until its job is settled and the reviewee's standing has been computed since. */
  weighs: Generated<bigint | null>;
  is_blamed: Generated<boolean>;
  /** When its job was settled, where that was after the review; by a trigger. */
  settled_at: GeneratedAlways<Date | null>;
  created_at: Date;
}

export interface ListingsTable {
  listing_id: string;
  seller_agent_id: string;
  skill_id: string;
  /** What all spellings of the skill have in common; null for a second spelling from before there was this column. */
  skill_folded: string | null;
  description: string | null;
  base_price: bigint;
  sla: JsonText | null;
  status: ListingStatus;
  seller_display_name: string;
  seller_capabilities: string[];
  seller_capabilities_text: string;
  seller_reputation: Generated<number>;
  seller_active: boolean;
  discoverable: GeneratedAlways<boolean>;
  /** 0 for the first three of its seller's discoverable listings by price, 1 for the others; kept by triggers. */
  tier: Generated<number>;
  /** What older code searches. */
  search: GeneratedAlways<string>;
  /** Lexemes of `search_tokens`, by a trigger; null for a listing from before, until it is filled in. */
  words: GeneratedAlways<string | null>;
  /** `skill_folded`, or what it would be; by the same trigger. */
  skill_key: GeneratedAlways<string | null>;
  created_at: Date;
  updated_at: Date;
}

export type AgentRow = Selectable<AgentsTable>;
export type ListingRow = Selectable<ListingsTable>;
export type ReviewRow = Selectable<ReviewsTable>;
export type NewAgent = Insertable<AgentsTable>;
export type AgentColumns = Updateable<AgentsTable>;
export type NewListing = Insertable<ListingsTable>;
export type ListingColumns = Updateable<ListingsTable>;
/** What a seller says of its offer. */
export type ListingTerms = Pick<NewListing, 'description' | 'base_price' | 'sla'>;
