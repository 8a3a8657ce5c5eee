import { z } from 'zod';

/** The variables of a process, as `process.env` gives them. */
export type Env = Readonly<Record<string, string | undefined>>;

export const secondMs = 1_000;
export const hourMs = 3_600 * secondMs;
export const dayMs = 24 * hourMs;

// Messages never quote the value: a variable that is wrong may well be a secret in the wrong place.
const present = z.string({ error: 'is missing' });

export const text = (maxLength = 1_000) => present.max(maxLength, `must be at most ${maxLength} characters`);

export const matching = (pattern: RegExp, what: string) => present.regex(pattern, `must be ${what}`);

/** A whole number within bounds, both inclusive. */
export const integer = (min: number, max: number) =>
  present
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must lie between ${min} and ${max}`);

/** A duration in units of `unitMs`, read as milliseconds; `0.5` is allowed, so that a demonstration need not wait a day. */
export const duration = (unitMs: number, maxUnits: number) =>
  present
    .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a positive number')
    .transform((value) => Math.round(Number(value) * unitMs))
    .refine((ms) => ms >= 1 && ms <= maxUnits * unitMs, `must be more than 0 and at most ${maxUnits}`);

export const flag = () =>
  z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');

const parsesAs = (value: string, protocols: readonly string[]): boolean => {
  const url = URL.parse(value);
  return url !== null && url.hostname !== '' && protocols.includes(url.protocol);
};

export const url = (...protocols: string[]) =>
  present.refine(
    (value) => parsesAs(value, protocols),
    `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  );

/** The address of a service: scheme, host and port, no path. It is also an OIDC audience, so its spelling must be exact. */
export const origin = () =>
  url('http:', 'https:')
    .transform((value) => value.replace(/\/$/, ''))
    .refine((value) => URL.parse(value)?.origin === value, 'must be a scheme, host and port without a path');

/** Comma-separated values; blanks between commas are dropped. */
export const list = (maxItems: number) =>
  present
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.length <= maxItems, `must hold at most ${maxItems} values`);
