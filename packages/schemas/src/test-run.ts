import * as z from 'zod';

/** Script runtimes that a registry may offer. Which of them a deployment does offer is in its /ready. */
export const scriptRuntimes = ['javascript', 'python:3', 'node:24', 'bash:5'] as const;
export type ScriptRuntime = (typeof scriptRuntimes)[number];

/**
 * How a test can end, and what each ending means. A closed list: a new one is a new promise to sellers.
 * Only `passed` passes; only `error` is the harness's own fault.
 */
export const testOutcomes = {
  passed: 'the test ran and its condition held',
  failed: 'the test ran and its condition did not hold, or the script exited with another code than 0',
  invalid: 'only in verdicts from before: the condition could not be evaluated on this deliverable',
  timeout: 'over the wall-clock limit of one test',
  suite_timeout: 'the suite was out of time before or while this test ran',
  cpu: 'over the limit of processor time, for javascript a count of steps',
  memory: 'over the memory limit',
  output: 'wrote more than the limit to its standard output and error',
  processes: 'had more processes or threads than the limit',
  disk: 'filled its temporary directory, by bytes or by files',
  forbidden: 'made a system call that the sandbox forbids and was stopped for it',
  killed: 'ended by a signal for no other reason listed here',
  skipped:
    'only in a dry run: latency_lte, for there is no start and no delivery to time. The verdict is that of a delivery in time',
  error: 'the harness broke after the test began: nobody is to blame for it',
} as const;
export type TestOutcome = keyof typeof testOutcomes;

const outcome = z.enum(Object.keys(testOutcomes) as [TestOutcome, ...TestOutcome[]]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** POST /internal/test-runs. `facts` are the registry's own: the seller cannot influence them; null in a dry run. */
export const testRunRequest = z.strictObject({
  run_id: z.string().min(1).max(100),
  criteria: z.unknown(),
  /** `{<test_id>: {salt, cases}}` for program tests with hidden cases. */
  hidden_cases: z.unknown().optional(),
  deliverable: z.unknown(),
  facts: z
    .strictObject({
      started_at: z.iso.datetime({ offset: true }),
      delivered_at: z.iso.datetime({ offset: true }),
    })
    .nullable(),
});

/** One test's result: the same bytes each time a deterministic test meets the same deliverable. */
export const testResult = z.object({
  test_id: z.string(),
  type: z.string(),
  passed: z.boolean(),
  outcome,
  message: z.string(),
  exit_code: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
});
export type TestResult = z.infer<typeof testResult>;

const measured = {
  duration_ms: z.number(),
  cpu_ms: z.number(),
  peak_memory_bytes: z.number(),
};

/** What was measured. It stands apart from the results because it differs from run to run. */
export const testRunUsage = z.object({
  ...measured,
  tests: z.array(z.object({ test_id: z.string(), ...measured })),
});
export type TestRunUsage = z.infer<typeof testRunUsage>;

/** Limits that a script test asked for beyond what the runner gives, and what it got instead. */
export const effectiveLimits = z.object({
  test_id: z.string().describe('As in the criteria'),
  timeout_seconds: z.number().describe('What it got'),
  memory_limit_mb: z.number().describe('What it got'),
});
export type EffectiveLimits = z.infer<typeof effectiveLimits>;

/** A fact about an isolation backend, such as `seccomp: true` or `memory: "cgroup"`. */
const isolationFacts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** How one backend isolates code, as its self-test at boot found it. */
export const isolationReport = z.object({
  backend: z.string(),
  available: z.boolean(),
  reason: z.string().nullable(),
  facts: isolationFacts,
});
export type IsolationReport = z.infer<typeof isolationReport>;

/** A runtime found at boot. `engine_hash` is the sha256 of the engine where one file is the engine. */
export const runtimeInfo = z.object({
  name: z.enum(scriptRuntimes),
  version: z.string(),
  engine_hash: sha256.nullable(),
  backend: z.string(),
});
export type RuntimeInfo = z.infer<typeof runtimeInfo>;

/** What this suite ran in: `backend` joins the names of all that took part with " + ". */
export const verdictIsolation = z.object({
  backend: z.string(),
  backends: z.array(isolationReport),
  runtimes: z.array(runtimeInfo),
});
export type VerdictIsolation = z.infer<typeof verdictIsolation>;

export const testVerdict = z
  .enum(['pass', 'fail', 'error'])
  .meta({ id: 'Verdict', description: 'pass or fail; error: the test harness broke' });
export type TestVerdict = z.infer<typeof testVerdict>;

/** Which runner computed the verdict. The digest covers its code, its libraries, its interpreters and Node. */
export const runnerIdentity = z.object({
  version: z.string().describe('Of the runner'),
  digest: sha256.describe('SHA-256 over its code, libraries and interpreters, in hex'),
});
export type RunnerIdentity = z.infer<typeof runnerIdentity>;

export const testRunResponse = z.object({
  run_id: z.string(),
  verdict: testVerdict,
  results: z.array(testResult),
  summary: z.string(),
  criteria_hash: sha256,
  deliverable_hash: sha256,
  isolation: verdictIsolation,
  usage: testRunUsage,
  effective_limits: z.array(effectiveLimits).optional(),
  runner: runnerIdentity.optional(),
  /** False where a clock ended a test, so that another machine could come to another verdict. */
  deterministic: z.boolean().optional(),
});
export type TestRunResponse = z.infer<typeof testRunResponse>;

/** GET /ready of the test-runner. The sweep copies `runtimes` for the API to read. */
export const testRunnerReady = z.object({
  status: z.enum(['ready', 'stopping']),
  runtimes: z.array(runtimeInfo),
  isolation: z.array(isolationReport),
  capacity: z.object({ slots: z.int(), queue: z.int() }),
  runner: runnerIdentity.optional(),
});
export type TestRunnerReady = z.infer<typeof testRunnerReady>;
