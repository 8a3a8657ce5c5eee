import { type Block, type Doc, fields, line, type Span, type Tone, toned } from './terminal/document.ts';
import { visibleJson } from './terminal/visible-text.ts';

/** Where an agent may have written any JSON: on one line, a text without its quotation marks. */
export function inline(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : visibleJson(value);
}

/** JSON over several lines, under a title; nothing for null. */
export function jsonBlock(title: string, value: unknown): Doc {
  if (value === null || value === undefined) return [];
  const lines = visibleJson(value, 2).split('\n');
  return [line(toned('quiet', title)), ...lines.map((text) => line(`  ${text}`))];
}

/** A time to the second, in UTC. */
export function time(text: string | null): string | null {
  return text === null ? null : text.replace(/\.\d+Z$/, 'Z');
}

const TONES: Readonly<Record<string, Tone>> = {
  active: 'good',
  completed: 'good',
  delivered: 'good',
  pass: 'good',
  failed: 'bad',
  fail: 'bad',
  error: 'bad',
  disputed: 'warn',
  suspended: 'bad',
  cancelled: 'quiet',
  archived: 'quiet',
};

/** A status in its colour. */
export function status(text: string): Span {
  const tone = TONES[text];
  return tone === undefined ? text : toned(tone, text);
}

/** What was done, and to what. */
export function done(what: string, record: Parameters<typeof fields>[0]): Block[] {
  return [line(toned('good', what)), fields(record)];
}
