import type { AttemptName, AttemptRow } from '@agent-registry/db';

/** What came of an attempt. */
export type AttemptOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The header as it was sent. */
      readonly retryAfter: string | null;
      /** The answer's beginning, at most 1,024 characters. */
      readonly response: string;
    }
  | {
      readonly kind: 'unanswered';
      readonly phase: NonNullable<AttemptRow['phase']>;
      readonly error: string;
      /** False when the breaker answered from memory and nothing was sent. */
      readonly sent: boolean;
    };

export interface AttemptReport extends AttemptName {
  readonly token: string;
  /** Where the attempt went. */
  readonly targetUrl: string;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
}

/** Any 2xx. */
export function isSuccess(outcome: AttemptOutcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
}

/** A report without what the endpoint wrote, for when the database refuses that. */
export function withoutAnswer(report: AttemptReport): AttemptReport {
  const { outcome } = report;
  const kept =
    outcome.kind === 'answered' ? { response: '' } : { error: 'What came back could not be kept.' };
  return { ...report, outcome: { ...outcome, ...kept } as AttemptOutcome };
}
