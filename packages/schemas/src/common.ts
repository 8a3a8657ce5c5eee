import { z } from 'zod';

/** A UUID as the registry writes it. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const uuid = z
  .string()
  .regex(new RegExp(UUID.source, 'i'), 'must be a UUID')
  .transform((text) => text.toLowerCase())
  .meta({ format: 'uuid', examples: ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'] });

export const uuidOut = z
  .string()
  .meta({ format: 'uuid', examples: ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'] });
/** RFC 3339, UTC, with `Z`. */
export const timeOut = z.string().meta({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });
export const hexHash = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hex digits')
  .transform((text) => text.toLowerCase());

/** Anything that JSON can say. */
export const json = z.unknown().meta({ description: 'Any JSON value' });

/** JSON of a bounded size, measured on its compact text; it may be left out. */
export function boundedJson(maxBytes: number, what: string) {
  return z
    .unknown()
    .refine((value) => value === undefined || Buffer.byteLength(JSON.stringify(value)) <= maxBytes, {
      message: `${what} may take ${maxBytes} bytes of JSON at most`,
    })
    .optional()
    .meta({ description: `Any JSON value of at most ${maxBytes} bytes` });
}

/** A time coming in: ISO 8601 with a zone. */
export const timeIn = z
  .string()
  .max(64)
  .transform((text, context) => {
    const time = parseTimestamp(text);
    if (time === null) {
      context.addIssue({
        code: 'custom',
        message: 'must be an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z',
      });
      return z.NEVER;
    }
    return time;
  })
  .meta({ format: 'date-time', examples: ['2026-01-31T12:00:00Z'] });

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/** Reads ISO 8601 with any offset and 0–9 fraction digits; null when it is not that or not a real time. */
export function parseTimestamp(text: string): Date | null {
  if (!TIMESTAMP.test(text)) return null;
  const normal = text
    .replace(',', '.')
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d+/, '$1')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
    .toUpperCase();
  const milliseconds = Date.parse(normal);
  if (Number.isNaN(milliseconds)) return null;
  const day = Number(normal.slice(8, 10));
  const daysInMonth = new Date(
    Date.UTC(Number(normal.slice(0, 4)), Number(normal.slice(5, 7)), 0),
  ).getUTCDate();
  return day > daysInMonth ? null : new Date(milliseconds);
}

export const PAGE_LIMIT_MAX = 100;
export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_OFFSET_MAX = 10_000;
/** `total` is counted no further than this. */
export const TOTAL_COUNT_MAX = 1_000;

/** A whole number in a query, which is text on the way; documented as the integer that it is. */
const integerText = (minimum: number, maximum: number, description: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, {
      message: `must be between ${minimum} and ${maximum}`,
    })
    .meta({ type: 'integer', minimum, maximum, description });

/** The query every list takes. */
export const pageQuery = {
  limit: integerText(1, PAGE_LIMIT_MAX, 'Items a page; 20 unless given').default(PAGE_LIMIT_DEFAULT),
  offset: integerText(0, PAGE_OFFSET_MAX, 'Items to skip, at most 10,000; `cursor` goes deeper').default(0),
  cursor: z.string().max(1024).optional().meta({ description: '`next_cursor` of the page before' }),
};

/** A list's answer, named after its items where these have a name. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item).describe('This page'),
    total: z.number().int().meta({ description: 'Counted to 1,000 at most' }),
    limit: z.number().int().describe('Items a page, as asked for'),
    offset: z.number().int().describe('Items skipped, as asked for'),
    next_cursor: z.string().nullable().describe('`cursor` of the next page; null at the end'),
  });
}

/** Which page of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly cursor?: string | undefined;
}
