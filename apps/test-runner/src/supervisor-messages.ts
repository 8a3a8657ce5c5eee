import type { IsolationReport, RuntimeInfo } from '@agent-registry/schemas';
import type { ProgramJob, ProgramOutcome, ScriptJob, ScriptOutcome } from './backend.ts';

export type SupervisedJob =
  | { readonly kind: 'script'; readonly job: ScriptJob }
  | { readonly kind: 'program'; readonly job: ProgramJob };

/** From the service to the thread that runs its sandboxes. */
export type ToSupervisor =
  | { readonly kind: 'run'; readonly id: number; readonly job: SupervisedJob }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'close' };

/** And back. `runtimes` is null where no isolation holds, for the reason in the report. */
export type FromSupervisor =
  | {
      readonly kind: 'started';
      readonly report: IsolationReport;
      readonly runtimes: readonly RuntimeInfo[] | null;
    }
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: ScriptOutcome | ProgramOutcome }
  | { readonly kind: 'failed'; readonly id: number; readonly text: string; readonly isUnavailable: boolean }
  | { readonly kind: 'closed' };

/** A Buffer arrives in another thread as a Uint8Array: makes each a Buffer again, over the same bytes. */
export function reviveBuffers<T>(value: T): T {
  return revive(value) as T;
}

function revive(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}
