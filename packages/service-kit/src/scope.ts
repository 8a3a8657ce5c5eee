import { AsyncLocalStorage } from 'node:async_hooks';
import { formatTraceparent, type Trace } from './trace-context.ts';

export type FieldValue = string | number | boolean | null;

/** What goes into the one log line of a request or task. Ids and outcomes, never a secret or a body. */
export type WideFields = Record<string, FieldValue>;

/** What the code that serves one request or task shares without being handed it. */
export interface Scope {
  readonly requestId: string | null;
  readonly trace: Trace | null;
  readonly fields: WideFields;
}

const scopes = new AsyncLocalStorage<Scope>();

export const runInScope = <T>(scope: Scope, work: () => T): T => scopes.run(scope, work);

/** Runs `work` as part of another span; the fields of the log line stay shared. */
export const runInTrace = <T>(trace: Trace, work: () => T): T => {
  const outer = scopes.getStore();
  return scopes.run({ requestId: outer?.requestId ?? null, trace, fields: outer?.fields ?? {} }, work);
};

/** The span that the running code belongs to, or null outside a request or task. */
export const currentTrace = (): Trace | null => scopes.getStore()?.trace ?? null;

/** The id of the request that the running code serves, or null. */
export const currentRequestId = (): string | null => scopes.getStore()?.requestId ?? null;

/** Adds fields to the log line of the request or task in progress; without one, does nothing. */
export const annotate = (fields: WideFields): void => {
  const scope = scopes.getStore();
  if (scope !== undefined) Object.assign(scope.fields, fields);
};

/** The header that carries the current trace to another service; empty without a trace. */
export const traceHeaders = (): Record<string, string> => {
  const trace = currentTrace();
  return trace === null ? {} : { traceparent: formatTraceparent(trace) };
};
