import type { GeneratedAlways } from 'kysely';

export interface SearchLexemesTable {
  lexeme: string;
  /** Discoverable listings that have it, without what is still in `search_changes`. */
  listings: bigint;
  /** Since when none has. */
  emptied_at: Date | null;
}

export interface SearchChangesTable {
  change_id: GeneratedAlways<bigint>;
  removed: string[] | null;
  added: string[] | null;
}
