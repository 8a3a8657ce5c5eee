import type { CardFlaw, CardSuggestions } from '@agent-registry/schemas';
import type { Selectable, Updateable } from 'kysely';
import type { JsonB } from './columns.ts';

export interface AgentCardsTable {
  agent_id: string;
  /** Counts how often the card was asked for: the cycle of its outbox entries. */
  look: number;
  /** When a worker last began to look at it. */
  looked_at: Date | null;
  protocol_version: string | null;
  flaws: JsonB<CardFlaw[]>;
  suggestions: JsonB<CardSuggestions | null>;
}

export type AgentCardRow = Selectable<AgentCardsTable>;
export type AgentCardChange = Updateable<AgentCardsTable>;
