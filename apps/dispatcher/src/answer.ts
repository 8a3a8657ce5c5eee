/** What a task's handler tells Cloud Tasks: 2xx is done, anything else is sent again. */
export interface Answer {
  readonly status: 200 | 409 | 500 | 502 | 503 | 504;
  /** One word for the log and for whoever reads the response. */
  readonly outcome: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function done(outcome: string, details: Readonly<Record<string, unknown>> = {}): Answer {
  return { status: 200, outcome, details };
}

export function again(status: Exclude<Answer['status'], 200>, outcome: string): Answer {
  return { status, outcome };
}
