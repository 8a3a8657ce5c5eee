import {
  CelError,
  compileRegex,
  compileSchema,
  countNodes,
  countWork,
  criteriaBounds,
  evaluateCel,
  jsonWithinBounds,
  type TestOf,
  TooExpensive,
  validate,
  type Work,
} from '@agent-registry/criteria';
import { storableText, type TestType } from '@agent-registry/schemas';
import { canonicalJson, sha256Hex } from '@agent-registry/signing';
import { fixedLimits } from './limits.ts';
import { runProgram, runScript } from './run-code.ts';
import { noProcess, noUsage, type TestEnd, type TestRun } from './test-run.ts';
import type { CheckResult, ProgramAssertion } from './worker/protocol.ts';

/** Checks that evaluate a value that a party wrote run in a worker process, the others in the service. */
type RunCheck<Test> =
  | { readonly inWorker: (test: Test, deliverable: unknown, work: Work) => CheckResult }
  | { readonly inService: (run: TestRun, test: Test) => TestEnd | Promise<TestEnd> };

/** How each type of test is run. */
export const checks = {
  json_schema: { inWorker: ({ schema }, deliverable) => checkSchema(schema, deliverable) },
  count_gte: {
    inWorker: ({ path, minCount }, deliverable, work) => {
      const count = countNodes(path, deliverable, work);
      return resultOf(count >= minCount, `Counted ${count}, at least ${minCount} wanted.`);
    },
  },
  count_lte: {
    inWorker: ({ path, maxCount }, deliverable, work) => {
      const count = countNodes(path, deliverable, work);
      return resultOf(count <= maxCount, `Counted ${count}, at most ${maxCount} wanted.`);
    },
  },
  contains: { inWorker: checkContains },
  checksum: {
    inWorker: ({ expectedHash }, deliverable) => {
      const found = sha256Hex(canonicalJson(deliverable));
      return resultOf(found === expectedHash, `The sha256 of the deliverable is ${found}.`);
    },
  },
  latency_lte: { inService: checkLatency },
  assertion: {
    inWorker: ({ expression }, deliverable, work) =>
      checkExpression(expression, { output: deliverable }, work),
  },
  script: { inService: runScript },
  program: { inService: runProgram },
} satisfies { readonly [Type in TestType]: RunCheck<TestOf<Type>> };

/** Tests that run in a worker. */
export type WorkerTest = {
  [Type in TestType]: 'inWorker' extends keyof (typeof checks)[Type] ? TestOf<Type> : never;
}[TestType];

const messageChars = 500;

/**
 * Runs one declarative check, in a worker. More counted work than any check may take fails it, the same on every machine.
 * Whatever else is thrown is the harness's fault.
 */
export function runCheck(test: WorkerTest | ProgramAssertion, deliverable: unknown): CheckResult {
  const work = countWork(criteriaBounds.checkSteps, 'steps');
  try {
    const { outcome, message } =
      test.type === 'program_assertion'
        ? checkProgramEnd(test, deliverable as ProgramEnd, work)
        : (checks[test.type].inWorker as Extract<RunCheck<WorkerTest>, { inWorker: unknown }>['inWorker'])(
            test,
            deliverable,
            work,
          );
    return { outcome, message: storableText(message, messageChars) };
  } catch (error) {
    if (error instanceof TooExpensive) return { outcome: 'failed', message: error.message };
    throw error;
  }
}

function resultOf(passed: boolean, message: string): CheckResult {
  return { outcome: passed ? 'passed' : 'failed', message };
}

function checkSchema(schema: TestOf<'json_schema'>['schema'], deliverable: unknown): CheckResult {
  const compilation = compileSchema(schema, { assertFormats: true });
  // The proposal was checked with the same code, so this is ours and not the seller's.
  if (!compilation.ok) throw new Error(`the schema ${compilation.errors[0]?.message}`);
  const result = validate(compilation.compiled, deliverable);
  if (result.outcome === 'valid') return resultOf(true, 'Valid.');
  return resultOf(
    false,
    result.outcome === 'invalid'
      ? `At ${result.pointer || '/'}: ${result.message}.`
      : `too_expensive: gave up after ${result.work} steps.`,
  );
}

/** Searches a text as it is; of anything else each string in it and its JSON text. */
function checkContains(
  { pattern, isRegex }: TestOf<'contains'>,
  deliverable: unknown,
  work: Work,
): CheckResult {
  const regex = isRegex ? compileRegex(pattern) : null;
  const isFoundIn = (text: string): boolean => {
    if (regex !== null) return regex.find(text, work);
    work.spend(1 + (text.length >> 5));
    return text.includes(pattern);
  };
  const isFound =
    typeof deliverable === 'string'
      ? isFoundIn(deliverable)
      : someString(deliverable, isFoundIn) || isFoundIn(JSON.stringify(deliverable));
  return resultOf(isFound, `The pattern was ${isFound ? '' : 'not '}found.`);
}

function someString(value: unknown, isFoundIn: (text: string) => boolean): boolean {
  const stack = [value];
  while (stack.length > 0) {
    const item = stack.pop();
    if (typeof item === 'string') {
      if (isFoundIn(item)) return true;
    } else if (typeof item === 'object' && item !== null) {
      for (const child of Object.values(item)) stack.push(child);
    }
  }
  return false;
}

function checkLatency({ suite: { facts } }: TestRun, { maxSeconds }: TestOf<'latency_lte'>): TestEnd {
  const rest = { ...noProcess, usage: noUsage };
  if (facts === null) return { outcome: 'skipped', message: 'A dry run has no delivery to time.', ...rest };
  const seconds = (facts.deliveredAt.getTime() - facts.startedAt.getTime()) / 1_000;
  return {
    ...resultOf(seconds <= maxSeconds, `Delivered after ${seconds} s, at most ${maxSeconds} s wanted.`),
    ...rest,
  };
}

function checkExpression(
  expression: string,
  variables: Readonly<Record<string, unknown>>,
  work: Work,
): CheckResult {
  const value = evaluateCel(expression, variables, work);
  if (typeof value === 'boolean') return resultOf(value, `The expression is ${value}.`);
  const what = value instanceof CelError ? value.message : 'its value is not true or false';
  return resultOf(false, `The expression has no answer: ${what}.`);
}

/** What a program printed, and how it ended. */
interface ProgramEnd {
  readonly stdout: string;
  readonly exit_code: number;
}

function checkProgramEnd({ expression }: ProgramAssertion, end: ProgramEnd, work: Work): CheckResult {
  return checkExpression(expression, { ...end, json: readJson(end.stdout) }, work);
}

/** Null for what is not JSON, or too deep or large to be looked at. */
function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const { deliverableDepth, deliverableValues } = fixedLimits;
    return jsonWithinBounds(value, deliverableDepth, deliverableValues) ? value : null;
  } catch {
    return null;
  }
}
