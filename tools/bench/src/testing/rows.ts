import type { Slice } from '../measure.ts';
import { summarize } from '../measure.ts';
import { PARTS, type PerPart } from '../processes.ts';
import type { Row } from '../run-scenario.ts';

export const parts = (value: number): PerPart =>
  Object.fromEntries(PARTS.map((part) => [part, value])) as unknown as PerPart;

/** A slice of `count` requests in a second, each of which took `ms` and as much CPU of every part. */
export const slice = (count: number, ms: number): Slice => ({
  count,
  refused: 0,
  seconds: 1,
  latenciesMs: Array.from({ length: count }, () => ms),
  cpuMs: parts(count * ms),
  memoryMib: parts(100),
});

/** A row of a subject that was measured in these slices. */
export const row = (subject: string, load: number, slices: readonly Slice[]): Row => ({
  scenario: 'signed-get',
  label: 'signed GET <1>',
  load,
  unit: 'request',
  subject,
  floor: { express: 1, verify: 2 },
  note: null,
  figures: summarize(slices, { api: 2, dispatcher: 0 }),
});
