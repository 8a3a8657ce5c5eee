import { storableText } from '@agent-registry/schemas';
import { criteriaBounds } from '../bounds.ts';
import { TooExpensive } from '../work.ts';
import type { CompiledSchema } from './compile-schema.ts';
import { evaluate } from './linker.ts';
import type { Run } from './run.ts';

/**
 * How a validation ended, with the work it took: applications of keywords, members and elements looked at, and texts by length.
 * `path` leads to what is wrong, the outermost first; `pointer` is the same as a JSON Pointer, shortened where it is long.
 */
export type Validation =
  | { readonly outcome: 'valid'; readonly work: number }
  | {
      readonly outcome: 'invalid';
      readonly path: readonly (string | number)[];
      readonly pointer: string;
      readonly message: string;
      readonly work: number;
    }
  | { readonly outcome: 'too_expensive'; readonly work: number };

/** The names on the way that a pointer shows, and the code units of each. */
const pointerTokens = 12;
const tokenChars = 40;

function toPointer(path: readonly (string | number)[]): string {
  const tokens = path.map((token) => {
    const text = String(token);
    return storableText(text, tokenChars).replaceAll('~', '~0').replaceAll('/', '~1');
  });
  const shown = tokens.length > pointerTokens ? [...tokens.slice(0, pointerTokens), '…'] : tokens;
  return shown.map((token) => `/${token}`).join('');
}

/**
 * Validates a JSON value, as `JSON.parse` makes them. Never throws, and reads nothing but its arguments; the same schema and value
 * take the same work and end the same on every machine.
 *
 * @param budget the most work, and the deepest nesting of schemas that are being applied
 */
export function validate(
  schema: CompiledSchema,
  value: unknown,
  budget: { readonly work: number; readonly depth: number } = criteriaBounds.schemaBudget,
): Validation {
  const run: Run = {
    work: 0,
    maxWork: budget.work,
    depth: 0,
    maxDepth: budget.depth,
    tracksEvaluated: schema.tracksEvaluated,
    scope: [],
    failure: '',
    failurePath: [],
  };
  try {
    if (evaluate(run, schema.root, value, run.tracksEvaluated ? [] : null)) {
      return { outcome: 'valid', work: run.work };
    }
  } catch (error) {
    if (error instanceof TooExpensive) return { outcome: 'too_expensive', work: run.work };
    throw error;
  }
  const path = run.failurePath.toReversed();
  return { outcome: 'invalid', path, pointer: toPointer(path), message: run.failure, work: run.work };
}
