import { JobEnded, ReceiptError, RegistryProblem, RegistryUnreachable } from '@agent-registry/client';
import { nextStep } from './next-steps.ts';
import { type Block, type Doc, line, toned } from './terminal/document.ts';
import { Declined, UsageError } from './usage-error.ts';

export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  verdictFail: 4,
  interrupted: 130,
} as const;

export interface Described {
  readonly exitCode: number;
  readonly doc: Doc;
  /** The same for programs. */
  readonly json: { readonly error: Readonly<Record<string, unknown>> };
}

/** What is said of a failure, and the exit code that it ends in. */
export function describeError(error: unknown): Described {
  if (error instanceof RegistryProblem) return describeProblem(error);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RegistryUnreachable)
    return describe(EXIT.unreachable, message, 'unreachable', 'Is it running, and is --registry right?');
  if (error instanceof UsageError) return describe(EXIT.usage, message, 'usage');
  if (error instanceof Declined) return describe(EXIT.refused, message, 'declined');
  if (error instanceof JobEnded) return describe(EXIT.refused, message, 'job_ended');
  if (error instanceof ReceiptError)
    return describe(EXIT.refused, `The receipt does not hold: ${message}`, 'receipt');
  return describe(EXIT.refused, message, 'unexpected');
}

function describe(exitCode: number, message: string, code: string, next?: string): Described {
  const doc = [line(toned('bad', message)), ...(next === undefined ? [] : [line(next)])];
  return { exitCode, doc, json: { error: { code, detail: message } } };
}

function describeProblem(problem: RegistryProblem): Described {
  const { code, status, detail, errors, instance, retryAfterSeconds } = problem;
  const next = nextStep(code);
  const wait = retryAfterSeconds === null ? [] : [line(`It asks to wait ${retryAfterSeconds} seconds.`)];
  return {
    // What answers 5xx has decided nothing; what is no problem of the registry's did not come from it.
    exitCode: status >= 500 || code === 'unknown' ? EXIT.unreachable : EXIT.refused,
    doc: [
      line(toned('bad', detail), toned('quiet', ` (${status} ${code})`)),
      ...(errors.length === 0 ? [] : [fieldErrors(errors)]),
      ...wait,
      ...(next === undefined ? [] : [line(next)]),
      ...(status >= 500 && instance !== null ? [line(toned('quiet', `Request ${instance}`))] : []),
    ],
    json: { error: { code, status, detail, errors, instance } },
  };
}

const fieldErrors = (errors: RegistryProblem['errors']): Block => ({
  kind: 'fields',
  rows: errors.map(({ path, message }) => [`  ${path === '' ? '(body)' : path}`, message]),
});
