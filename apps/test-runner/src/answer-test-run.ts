import { type CodeTest, type Criteria, type CriteriaTest, jsonWithinBounds } from '@agent-registry/criteria';
import {
  RegistryError,
  runsCode,
  type ScriptRuntime,
  scriptRuntimes,
  type TestOutcome,
  type TestRunResponse,
  testRunRequest,
  type VerdictIsolation,
} from '@agent-registry/schemas';
import { criteriaHash } from '@agent-registry/signing';
import type { ScriptBackend } from './backend.ts';
import type { RunnerContext } from './context.ts';
import { fitAnswer } from './fit-answer.ts';
import { backendFor } from './run-code.ts';
import { deliverableBounds, deliverableBytes, runSuite } from './run-suite.ts';
import { computeVerdict } from './verdict.ts';

const checksBackend = 'worker-process';

/**
 * Runs a suite on one deliverable and computes the verdict.
 *
 * @param body the request's JSON, not yet checked
 * @param signal aborted when nobody waits for the answer any more
 * @throws RegistryError validation_failed with paths; unavailable when it cannot be run now
 * @throws BackendUnavailable when a runtime is not offered or has no room
 */
export async function answerTestRun(
  context: RunnerContext,
  body: unknown,
  signal: AbortSignal,
): Promise<TestRunResponse> {
  const { run_id, criteria: received, hidden_cases, deliverable, facts } = readRequest(body);
  const criteria = await readCriteria(context, received, hidden_cases);
  const used = usedBackends(context, criteria);
  const suite = {
    criteria,
    deliverable,
    deliverableJson: deliverableBytes(deliverable),
    facts: facts && {
      startedAt: new Date(facts.started_at),
      deliveredAt: new Date(facts.delivered_at),
    },
  };
  const hashes = hashBoth(received, deliverable);
  const { results, usage, effectiveLimits } = await runSuite(context, suite, signal);
  return fitAnswer({
    run_id,
    ...computeVerdict(criteria, results),
    results: [...results],
    ...hashes,
    isolation: describeIsolation(criteria, used),
    usage,
    ...(effectiveLimits.length === 0 ? {} : { effective_limits: [...effectiveLimits] }),
    runner: context.runner,
    deterministic: !criteria.tests.some((test, index) => wasEndedByClock(test, results[index]?.outcome)),
  });
}

/** Wall clocks, and processor time where it is measured: for `javascript` it is a count. */
function wasEndedByClock(test: CriteriaTest, outcome: TestOutcome | undefined): boolean {
  if (outcome === 'cpu') return !('runtime' in test && test.runtime === 'javascript');
  return outcome === 'timeout' || outcome === 'suite_timeout';
}

function readRequest(body: unknown) {
  const parsed = testRunRequest.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new RegistryError('validation_failed', 'the request does not fit its schema', { errors });
  }
  const { deliverable } = parsed.data;
  const { depth, values } = deliverableBounds;
  if (deliverable === undefined || !jsonWithinBounds(deliverable, depth, values)) {
    const message = `must be JSON of at most ${depth} levels and ${values} values`;
    const errors = [{ path: 'deliverable', message }];
    throw new RegistryError('validation_failed', 'the deliverable cannot be judged', { errors });
  }
  return parsed.data;
}

/** Numbers beyond a double's range and lone surrogates have no RFC 8785 form. */
function hashBoth(criteria: unknown, deliverable: unknown) {
  try {
    return { criteria_hash: criteriaHash(criteria), deliverable_hash: criteriaHash(deliverable) };
  } catch (cause) {
    throw new RegistryError('validation_failed', 'criteria or deliverable have no canonical form', { cause });
  }
}

/** A runtime that is known but not offered here is no fault of the criteria: it is refused when it is looked for. */
async function readCriteria(
  { criteria }: RunnerContext,
  received: unknown,
  hiddenCases: unknown,
): Promise<Criteria> {
  const checked = await criteria.check(received, { offeredRuntimes: scriptRuntimes, hiddenCases });
  if (checked.ok) return checked.criteria;
  const errors = checked.errors.map(({ path, message, ofHiddenCases }) => {
    const member = ofHiddenCases ? 'hidden_cases' : 'criteria';
    return { path: path === '' ? member : `${member}.${path}`, message };
  });
  throw new RegistryError('validation_failed', 'the criteria cannot be run', { errors });
}

function usedBackends(context: RunnerContext, { tests }: Criteria): readonly ScriptBackend[] {
  return [...new Set(tests.filter(isCodeTest).map((test) => backendFor(context, test)))];
}

function describeIsolation({ tests }: Criteria, used: readonly ScriptBackend[]): VerdictIsolation {
  const usesChecks = tests.some((test) => !isCodeTest(test) || usesAssertions(test));
  const declarative = usesChecks
    ? [
        {
          backend: checksBackend,
          available: true,
          reason: null,
          facts: { memory: 'watchdog', cpu: 'wall clock' },
        },
      ]
    : [];
  const backends = [...declarative, ...used.map(({ isolation }) => isolation)];
  const runtimes = new Set<ScriptRuntime>(tests.filter(isCodeTest).map(({ runtime }) => runtime));
  return {
    backend: backends.map(({ backend }) => backend).join(' + '),
    backends,
    runtimes: used.flatMap((backend) => backend.runtimes.filter(({ name }) => runtimes.has(name))),
  };
}

/** Such a test needs a backend. */
function isCodeTest(test: CriteriaTest): test is CodeTest {
  return runsCode(test.type);
}

function usesAssertions(test: CodeTest): boolean {
  return test.type === 'program' && test.cases.some(({ expect }) => expect.kind === 'assertion');
}
