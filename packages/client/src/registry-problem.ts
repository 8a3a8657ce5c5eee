import type { ErrorCode, Problem } from './api.generated.ts';

type FieldError = NonNullable<Problem['errors']>[number];

/** What the registry refused, from its `application/problem+json` answer. */
export class RegistryProblem extends Error {
  /** One of the registry's closed list; `unknown` when something between us answered instead of it. */
  readonly code: ErrorCode | 'unknown';
  readonly status: number;
  readonly detail: string;
  /** The fields that were not acceptable; empty but for 422. */
  readonly errors: readonly FieldError[];
  /** `urn:uuid:…`, to be quoted when asking the people who run the registry. */
  readonly instance: string | null;
  /** Seconds that the registry asked to wait for. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, body: ProblemBody, retryAfterSeconds: number | null) {
    const detail = body.detail ?? body.title ?? 'no explanation';
    super(`${status} ${body.code ?? 'unknown'}: ${detail}`);
    this.name = 'RegistryProblem';
    this.code = body.code ?? 'unknown';
    this.status = status;
    this.detail = detail;
    this.errors = body.errors ?? [];
    this.instance = body.instance ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer came, however often it was tried; `cause` is the last failure. */
export class RegistryUnreachable extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what}: no answer (${describe(cause)})`, { cause });
    this.name = 'RegistryUnreachable';
  }
}

/** Node's fetch says no more than "fetch failed"; what failed is the cause of that. */
function describe(failure: unknown): string {
  const { message, cause } = failure as { message?: string; cause?: { code?: string; message?: string } };
  return [message ?? 'unknown', cause?.code ?? cause?.message].filter(Boolean).join(': ');
}

interface ProblemBody {
  readonly code?: ErrorCode;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly instance?: string;
}

/** The problem in an answer; a body that is no problem+json, as of a proxy, makes one of code `unknown`. */
export function problemOf(
  status: number,
  contentType: string | null,
  text: string,
  retryAfterSeconds: number | null,
): RegistryProblem {
  if (contentType?.startsWith('application/problem+json') !== true)
    return new RegistryProblem(status, { detail: text.slice(0, 200) }, retryAfterSeconds);
  try {
    return new RegistryProblem(status, JSON.parse(text) as ProblemBody, retryAfterSeconds);
  } catch {
    return new RegistryProblem(status, { detail: 'an unreadable problem' }, retryAfterSeconds);
  }
}
