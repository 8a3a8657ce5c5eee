import { InvalidArgumentError } from 'commander';

/** An option of a command, as its name's place in the command's record says: `max_price` is `--max-price`. */
export interface Flag<T> {
  /** Such as `<credits>`; empty for a switch. */
  readonly value: string;
  readonly description: string;
  readonly isRequired?: boolean;
  readonly choices?: readonly string[];
  /** Reads one occurrence; `before` is what those before it made. */
  parse(text: string, before: T | undefined): T;
  /** What absence means. */
  readonly absent: T;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type ValuesOf<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** A text that may be left out. */
export function text(value: string, description: string): Flag<string | undefined> {
  return { value, description, parse: (given) => given, absent: undefined };
}

/** The same flag, which must be given. */
export function demanded<T>(flag: Flag<T | undefined>): Flag<T> {
  return { ...flag, isRequired: true } as Flag<T>;
}

export function required(value: string, description: string): Flag<string> {
  return demanded(text(value, description));
}

export function toggle(description: string): Flag<boolean> {
  return { value: '', description, parse: () => true, absent: false };
}

/** May be given several times. */
export function repeated(value: string, description: string): Flag<readonly string[] | undefined> {
  return { value, description, parse: (given, before) => [...(before ?? []), given], absent: undefined };
}

export function oneOf<const T extends string>(
  choices: readonly T[],
  description: string,
): Flag<T | undefined> {
  const parse = (given: string): T => {
    if (!choices.includes(given as T)) throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.`);
    return given as T;
  };
  return { value: `<${choices.join('|')}>`, description, choices, parse, absent: undefined };
}

/** A number; whole unless the bounds say otherwise. */
export function number(
  value: string,
  description: string,
  { min, max, isWhole = true }: { min: number; max: number; isWhole?: boolean },
): Flag<number | undefined> {
  const parse = (given: string): number => {
    const read = given.trim() === '' ? Number.NaN : Number(given);
    if (!(read >= min && read <= max) || (isWhole && !Number.isSafeInteger(read)))
      throw new InvalidArgumentError(`It is a ${isWhole ? 'whole number' : 'number'} from ${min} to ${max}.`);
    return read;
  };
  return { value, description, parse, absent: undefined };
}

type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
type Given<T> = Omit<T, Optional<T>> & { [K in Optional<T>]?: Exclude<T[K], undefined> };

/** The record without what was left out. */
export function given<T extends object>(record: T): Given<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Given<T>;
}
