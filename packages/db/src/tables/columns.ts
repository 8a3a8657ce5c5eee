import type { ColumnType } from 'kysely';

/** JSON kept as the text that was received. */
export type JsonText = string;

/** A jsonb column: read as a value, written as JSON text. */
export type JsonB<T> = ColumnType<T, string | null, string | null>;
