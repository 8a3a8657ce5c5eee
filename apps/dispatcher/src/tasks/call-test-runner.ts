import type { JobRow } from '@agent-registry/db';
import { openSealedCases, type RunClaim } from '@agent-registry/operations';
import { type InternalAnswer, UnreadableAnswer } from '@agent-registry/outbound';
import {
  type RuntimeInfo,
  runsCode,
  type TestRunResponse,
  testRunnerReady,
  testRunResponse,
} from '@agent-registry/schemas';
import { traceHeaders } from '@agent-registry/service-kit';
import { SealError } from '@agent-registry/signing';
import type { DispatcherContext } from '../context.ts';

type Claimed = Extract<RunClaim, { kind: 'claimed' }>;

export type RunnerAnswer =
  /** A verdict, or the report that the runner's harness broke. */
  | { readonly kind: 'verdict'; readonly response: TestRunResponse }
  /** The runner answers, yet with no verdict: as good as a harness that breaks on this very delivery. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No capacity, no answer, an outage: nothing is known of the delivery. */
  | { readonly kind: 'unavailable'; readonly reason: string };

const READY_TIMEOUT_MS = 2_000;
/** With the runner's own limit on a suite this stays within the time one request of ours may take. */
const CANARY_TIMEOUT_MS = 30_000;
/** What says that there is no room now. Whether any other status is about this delivery, the canary tells. */
const NO_CAPACITY = new Set([429, 503]);

/**
 * Requests the verdict on a delivery. The criteria, their hidden cases and the deliverable travel as the texts that were received. Hidden
 * cases that no key opens are an outage: nothing is known of the delivery.
 */
export async function requestVerdict(
  context: DispatcherContext,
  { job, run, hiddenCases }: Pick<Claimed, 'job' | 'run' | 'hiddenCases'>,
): Promise<RunnerAnswer> {
  const sealed = await hiddenCases;
  const facts = {
    started_at: (job.started_at ?? run.delivered_at).toISOString(),
    delivered_at: run.delivered_at.toISOString(),
  };
  let hidden: string | null;
  try {
    hidden = openSealedCases(context.sealer, sealed);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    context.log.error({ error, job_id: job.job_id }, 'no accepted key opens the hidden cases of a job');
    return { kind: 'unavailable', reason: 'the hidden cases cannot be opened' };
  }
  const body =
    `{"run_id":${JSON.stringify(run.run_id)},"criteria":${job.acceptance_criteria ?? 'null'},` +
    (hidden === null ? '' : `"hidden_cases":${hidden},`) +
    `"deliverable":${job.result ?? 'null'},"facts":${JSON.stringify(facts)}}`;
  return askRunner(context, body, context.config.verification.runnerCallMs);
}

/** Requests the verdict on a sample or a cheat as on a delivery, only that there is no delivery to time. */
export function requestSampleVerdict(
  context: DispatcherContext,
  run: { runId: string; criteria: string; hiddenCases: string | null; deliverable: unknown },
): Promise<RunnerAnswer> {
  const body =
    `{"run_id":${JSON.stringify(run.runId)},"criteria":${run.criteria},` +
    (run.hiddenCases === null ? '' : `"hidden_cases":${run.hiddenCases},`) +
    `"deliverable":${JSON.stringify(run.deliverable)},"facts":null}`;
  return askRunner(context, body, context.config.verification.runnerCallMs);
}

async function askRunner(context: DispatcherContext, body: string, timeoutMs: number): Promise<RunnerAnswer> {
  try {
    const answer = await context.internal.exchange({
      method: 'POST',
      url: `${context.config.testRunnerUrl}/internal/test-runs`,
      headers: { ...(await authorized(context)), ...traceHeaders(), 'content-type': 'application/json' },
      body,
      signal: context.stopping,
      timeoutMs,
    });
    return readAnswer(answer);
  } catch (error) {
    context.log.warn({ error }, 'the test-runner gave no answer');
    if (error instanceof UnreadableAnswer) return { kind: 'refused', reason: error.message };
    return { kind: 'unavailable', reason: 'the test-runner gave no answer' };
  }
}

function readAnswer({ status, text }: InternalAnswer): RunnerAnswer {
  if (status !== 200) {
    const reason = `the test-runner answered ${status}`;
    return { kind: NO_CAPACITY.has(status) ? 'unavailable' : 'refused', reason };
  }
  const parsed = testRunResponse.safeParse(jsonOrNull(text));
  if (parsed.success) return { kind: 'verdict', response: parsed.data };
  return { kind: 'refused', reason: 'the answer does not fit the contract' };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function authorized(context: DispatcherContext): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await context.idTokens(context.config.testRunnerUrl)}` };
}

/** The runtimes that the runner's /ready names; null when it cannot be asked or is stopping. */
export async function readRuntimes(context: DispatcherContext): Promise<readonly RuntimeInfo[] | null> {
  try {
    const { status, text } = await context.internal.exchange({
      method: 'GET',
      url: `${context.config.testRunnerUrl}/ready`,
      headers: await authorized(context),
      timeoutMs: READY_TIMEOUT_MS,
    });
    return status === 200 ? testRunnerReady.parse(JSON.parse(text)).runtimes : null;
  } catch (error) {
    context.log.debug({ error }, 'the test-runner could not be asked for its runtimes');
    return null;
  }
}

/** A script that passes, in each runtime. */
const HARMLESS: Readonly<Record<string, string>> = {
  javascript: 'globalThis.deliverable;',
  python: 'pass',
  node: 'process.exitCode = 0;',
  bash: 'true',
};

/**
 * The canary: whether the runner works at all, by a suite that cannot fail, with a script in every runtime that the job's criteria
 * use. When it passes, what broke the harness was the delivery.
 */
export async function canaryPasses(
  context: DispatcherContext,
  job: Pick<JobRow, 'acceptance_criteria'>,
): Promise<boolean> {
  const at = context.clock.now().toISOString();
  const scripts = [...runtimesOf(job.acceptance_criteria)].map((runtime, index) => ({
    test_id: `canary-${index + 1}`,
    type: 'script',
    params: { runtime, script: Buffer.from(HARMLESS[languageOf(runtime)] ?? '').toString('base64') },
  }));
  const contains = { test_id: 'canary-0', type: 'contains', params: { pattern: 'canary' } };
  const body = JSON.stringify({
    run_id: 'canary',
    criteria: { version: '1.0', tests: [contains, ...scripts], pass_threshold: 'all' },
    deliverable: { bird: 'canary' },
    facts: { started_at: at, delivered_at: at },
  });
  const answer = await askRunner(context, body, CANARY_TIMEOUT_MS);
  return answer.kind === 'verdict' && answer.response.verdict === 'pass';
}

const DEFAULT_RUNTIME = 'python:3';

function languageOf(runtime: string): string {
  return runtime.split(':')[0] ?? runtime;
}

/** The runtimes named in criteria; always at least `javascript`, which every runner has. */
function runtimesOf(criteria: string | null): Set<string> {
  const parsed = JSON.parse(criteria ?? '{}') as { script?: unknown; runtime?: unknown; tests?: unknown };
  const named = (params: { runtime?: unknown } | undefined): string =>
    typeof params?.runtime === 'string' ? params.runtime : DEFAULT_RUNTIME;
  if (typeof parsed.script === 'string') return new Set(['javascript', named(parsed)]);
  const tests = Array.isArray(parsed.tests) ? (parsed.tests as { type?: unknown; params?: object }[]) : [];
  const scripts = tests.filter(({ type }) => runsCode(type)).map((test) => named(test.params));
  return new Set(['javascript', ...scripts]);
}
