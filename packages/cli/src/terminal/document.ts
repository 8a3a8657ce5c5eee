export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'strong';
/** A piece of text; whoever wrote it, it is made harmless when it is rendered. */
export type Span = string | { readonly text: string; readonly tone: Tone };

export type Block =
  | { readonly kind: 'line'; readonly spans: readonly Span[] }
  | { readonly kind: 'fields'; readonly rows: readonly (readonly [string, Span])[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Span[])[] };

/** What a command shows people. There is no other way to the terminal, so that no text reaches it raw. */
export type Doc = readonly Block[];

export function toned(tone: Tone, text: string): Span {
  return { text, tone };
}

/** A line of pieces. */
export function line(...spans: readonly Span[]): Block {
  return { kind: 'line', spans };
}

/** Names and values, one a line; those without a value are left out. */
export function fields(record: Readonly<Record<string, Span | number | boolean | null | undefined>>): Block {
  const rows = Object.entries(record).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [[name, typeof value === 'object' ? value : String(value)] as const],
  );
  return { kind: 'fields', rows };
}

/** A table with a head; `empty` is said when there is no row. */
export function table(head: readonly string[], rows: readonly (readonly Span[])[], empty: string): Block {
  return rows.length === 0 ? line(toned('quiet', empty)) : { kind: 'table', head, rows };
}
