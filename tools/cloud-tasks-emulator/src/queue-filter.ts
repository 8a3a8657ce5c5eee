// ListQueues' filter, in the syntax of Cloud Logging's filters: `state: PAUSED AND rateLimits.maxDispatchesPerSecond > 5`.
import { invalidArgument } from './grpc-error.ts';
import type { IQueue } from './queue-config.ts';
import { type WireTime, wireToMs } from './wire-time.ts';

type Test = (queue: IQueue) => boolean;

const MAX_FILTER_CHARACTERS = 2_000;
const TOKEN = /\s*(?:([()]|[<>!]=|[<>=:]|-(?=[A-Za-z(]))|"((?:[^"\\]|\\.)*)"|([^\s()<>=!:"]+))/y;
const FIELDS = new Set(
  'name state purgeTime rateLimits retryConfig appEngineRoutingOverride stackdriverLoggingConfig httpTarget'.split(
    ' ',
  ),
);

interface Token {
  readonly kind: 'mark' | 'word' | 'quoted';
  readonly text: string;
}

const tokensOf = (filter: string): Token[] => {
  const tokens: Token[] = [];
  const end = filter.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const at = TOKEN.lastIndex;
    const [, mark, quoted, word] = TOKEN.exec(filter) ?? [];
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw invalidArgument(`filter cannot be read at character ${at + 1}`);
  }
  return tokens;
};

/** A field's value as it is compared: times and durations in seconds. */
const valueAt = (queue: IQueue, path: readonly string[]): unknown => {
  let value: unknown = queue;
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
  const isTime = typeof value === 'object' && value !== null && 'seconds' in value;
  return isTime ? wireToMs(value as WireTime, 'filter') / 1000 : (value ?? undefined);
};

/** A number, a duration such as `1.5s`, or a time, in the unit of `valueAt`; NaN for other text. */
const numberOf = (text: string): number => {
  if (/^-?\d+(\.\d+)?s?$/.test(text)) return Number.parseFloat(text);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const compare = (field: string, operator: string, wanted: string): Test => {
  const path = field
    .split('.')
    .map((part) => part.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()));
  if (!FIELDS.has(path[0] ?? ''))
    throw invalidArgument(`filter names a field that a queue does not have: ${field}`);
  const lower = wanted.toLowerCase();
  const matches = orders[operator === ':' ? '=' : operator];
  if (matches === undefined) throw invalidArgument(`filter lacks an operator after ${field}`);
  return (queue) => {
    const value = valueAt(queue, path);
    if (value === undefined) return operator === '!=';
    if (operator === ':' && wanted === '*') return true;
    if (typeof value === 'number') return matches(value - numberOf(wanted));
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
    if (operator === ':') return text.includes(lower);
    return matches(text < lower ? -1 : Number(text > lower));
  };
};

/** The test that a filter states; everything passes an empty one. INVALID_ARGUMENT when it cannot be read. */
export const parseFilter = (filter: string): Test => {
  if (filter.length > MAX_FILTER_CHARACTERS)
    throw invalidArgument(`filter is longer than ${MAX_FILTER_CHARACTERS} characters`);
  const tokens = tokensOf(filter);
  if (tokens.length === 0) return () => true;
  const take = (...texts: string[]): boolean => {
    const isNext = tokens[0] !== undefined && tokens[0].kind !== 'quoted' && texts.includes(tokens[0].text);
    if (isNext) tokens.shift();
    return isNext;
  };
  const value = (what: string): string => {
    const token = tokens.shift();
    if (token === undefined || token.kind === 'mark') throw invalidArgument(`filter lacks a ${what}`);
    return token.text;
  };
  const term = (): Test => {
    if (take('NOT', '-')) {
      const test = term();
      return (queue) => !test(queue);
    }
    if (take('(')) {
      const test = all();
      if (!take(')')) throw invalidArgument('filter lacks a closing parenthesis');
      return test;
    }
    const field = value('field');
    return compare(field, tokens.shift()?.text ?? '', value('value'));
  };
  // As in Cloud Logging, OR binds closer than AND, and AND may be left out.
  const any = (): Test => {
    const tests = [term()];
    while (take('OR')) tests.push(term());
    return (queue) => tests.some((test) => test(queue));
  };
  const all = (): Test => {
    const tests = [any()];
    while (tokens.length > 0 && tokens[0]?.text !== ')') {
      take('AND');
      tests.push(any());
    }
    return (queue) => tests.every((test) => test(queue));
  };
  const test = all();
  if (tokens.length > 0) throw invalidArgument('filter has a closing parenthesis too many');
  return test;
};
