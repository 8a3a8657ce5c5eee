import { checkCriteria } from '@agent-registry/criteria';
import { testTypes } from '@agent-registry/schemas';
import { checks, runCheck, type WorkerTest } from '../checks.ts';
import type { Frame } from './frames.ts';
import type { CheckJob, CheckResult, ProgramAssertion } from './protocol.ts';

/** The documented example of every type that runs here, made ready. */
function examples(): WorkerTest[] {
  return Object.entries(testTypes).flatMap(([type, { example }]) => {
    if (!('inWorker' in checks[type as keyof typeof checks])) return [];
    const suite = { tests: [{ test_id: type, type, params: example }] };
    const checked = checkCriteria(suite, { offeredRuntimes: [] });
    if (!checked.ok) throw new Error(`the example of ${type} ${checked.errors[0]?.message}`);
    return checked.criteria.tests as WorkerTest[];
  });
}

/**
 * Warms up on one check of each type, so that all libraries are initialised, and then freezes the built-ins that they share:
 * a check that found a way to change a prototype would change it for the next job too.
 */
export function createChecks(): (frame: Frame) => CheckResult {
  for (const test of examples()) runCheck(test, { text: 'Text' });
  const shared = [
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    RegExp,
    Date,
    Error,
    TypeError,
  ];
  const collections = [RangeError, SyntaxError, Map, Set, WeakMap, WeakSet, Promise, Uint8Array, ArrayBuffer];
  for (const built of [...shared, ...collections]) {
    Object.freeze(built.prototype);
    Object.freeze(built);
  }
  for (const built of [JSON, Math, Reflect]) Object.freeze(built);
  return ({ header, body }) => {
    const { test } = header as CheckJob;
    return runCheck(test as WorkerTest | ProgramAssertion, JSON.parse(body.toString('utf8')));
  };
}
