import type { GaugeName } from '@agent-registry/schemas';
import { currentTrace, type FieldValue, runInTrace, type WideFields } from './scope.ts';
import { childOf, type Trace } from './trace-context.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type SpanKind = 'internal' | 'server' | 'client' | 'consumer';

/** A span that somebody else must end. */
export interface OpenSpan {
  readonly trace: Trace;
  end(outcome: { name?: string; attributes?: Attributes; failed?: boolean }): void;
}

/** What a gauge shows: a number, or one for each value of the attribute that splits it. */
export type Readings = Readonly<Partial<Record<GaugeName, number | Readonly<Record<string, number>>>>>;

/** Traces and metrics. Switched off it keeps the ids for the logs and does nothing else. */
export interface Telemetry {
  /** Runs `work` inside a span; an error it throws marks the span failed and is thrown on. */
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** Starts a span under `parent` that the caller ends. */
  begin(name: string, kind: SpanKind, parent: Trace | null): OpenSpan;
  counter(name: string): { add(value: number, attributes?: Attributes): void };
  /** `unit` in UCUM, for example `s`. */
  histogram(name: string, unit: string): { record(value: number, attributes?: Attributes): void };
  /** Has gauges read whenever metrics are sent. Where `read` fails they are left out that time. */
  gauges<Name extends GaugeName>(
    names: readonly Name[],
    read: () => Pick<Readings, Name> | Promise<Pick<Readings, Name>>,
  ): void;
  /** Sends what is left; bounded by the exporter's timeout. */
  shutdown(): Promise<void>;
}

/** Attributes without the nulls that a log line may hold. */
export const toAttributes = (fields: Readonly<WideFields>): Attributes =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Exclude<FieldValue, null>] => entry[1] !== null),
  );

/** Runs `work` inside a span that `begin` opens. */
export const runSpan = async <T>(
  begin: Telemetry['begin'],
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> => {
  const span = begin(name, 'internal', currentTrace());
  let failed = true;
  try {
    const value = await runInTrace(span.trace, work);
    failed = false;
    return value;
  } finally {
    span.end({ attributes, failed });
  }
};

/** Telemetry that exports nothing. */
export const noTelemetry: Telemetry = {
  span: (_name, _attributes, work) => work(),
  begin: (_name, _kind, parent) => ({ trace: childOf(parent), end: () => {} }),
  counter: () => ({ add: () => {} }),
  histogram: () => ({ record: () => {} }),
  gauges: () => {},
  shutdown: async () => {},
};
