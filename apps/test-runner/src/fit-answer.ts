import { storableText, type TestResult, type TestRunResponse } from '@agent-registry/schemas';

/** Bound on the whole answer, as JSON in UTF-8 with its escapes: as much as is stored. */
export const answerBytesMax = 1_048_576;

const messageCharsMax = 500;
/** Marks where a text was cut. */
const cutMark = '\n[cut]';

type Answer = Pick<TestRunResponse, 'results'>;

/**
 * Makes an answer that can always be stored: no NUL and no lone surrogate in it, and not over its bound. Outputs shrink
 * first, the longest before the others, to the same length each.
 */
export function fitAnswer<T extends Answer>(answer: T): T {
  const storable = { ...answer, results: answer.results.map(makeStorable) };
  const tooMany = jsonBytes(storable) - answerBytesMax;
  if (tooMany <= 0) return storable;
  const costs = storable.results.flatMap(({ stdout, stderr }) => [jsonBytes(stdout), jsonBytes(stderr)]);
  const level = fairShare(costs, costs.reduce((sum, cost) => sum + cost, 0) - tooMany);
  const results = storable.results.map((result) => ({
    ...result,
    stdout: cutTo(result.stdout, level),
    stderr: cutTo(result.stderr, level),
  }));
  return { ...storable, results };
}

function makeStorable(result: TestResult): TestResult {
  const { message, stdout, stderr } = result;
  return {
    ...result,
    message: storableText(message, messageCharsMax),
    stdout: storableText(stdout, stdout.length),
    stderr: storableText(stderr, stderr.length),
  };
}

/** The most that each may cost so that all together cost no more than `budget`. */
function fairShare(costs: readonly number[], budget: number): number {
  let left = Math.max(0, budget);
  const ascending = [...costs].sort((a, b) => a - b);
  for (const [index, cost] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (cost > share) return share;
    left -= cost;
  }
  return Number.POSITIVE_INFINITY;
}

/** Cuts a text whose JSON costs more than `bytes`, between characters. */
function cutTo(text: string, bytes: number): string {
  if (jsonBytes(text) <= bytes) return text;
  let left = bytes - jsonBytes(cutMark);
  let chars = 0;
  for (const character of text) {
    // Without the quotes around it.
    left -= jsonBytes(character) - 2;
    if (left < 0) break;
    chars += character.length;
  }
  return `${storableText(text, chars)}${cutMark}`;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
