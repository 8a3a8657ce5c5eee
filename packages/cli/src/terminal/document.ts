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

type Value = Span | number | boolean | null | undefined;

/** Names and values, one a line; those without a value are left out. */
export function fields(record: Readonly<Record<string, Value>>): Block {
  const rows = Object.entries(record).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, spanOf(value)] as const],
  );
  return { kind: 'fields', rows };
}

/** A table of items: under the head of each column what it shows of an item. `empty` is said when there is none. */
export function table<T>(
  items: readonly T[],
  empty: string,
  columns: Readonly<Record<string, (item: T) => Value>>,
): Block {
  if (items.length === 0) return line(toned('quiet', empty));
  const cells = Object.values(columns);
  const rows = items.map((item) => cells.map((cell) => spanOf(cell(item) ?? '')));
  return { kind: 'table', head: Object.keys(columns), rows };
}

function spanOf(value: Span | number | boolean): Span {
  return typeof value === 'object' ? value : String(value);
}
