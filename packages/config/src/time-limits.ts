import { z } from 'zod';
import { duration, integer, secondMs } from './variables.ts';

/**
 * Limits that must fit into each other, innermost first. Whoever waits must wait longer than the one it waits
 * for, or work is done twice. Cloud Tasks' own limit (`dispatchDeadline`) is the outermost.
 */
export const verificationLimits = {
  runnerRequestMs: 330 * secondMs,
  runnerCallMs: 345 * secondMs,
  requestMs: 360 * secondMs,
  leaseMs: 390 * secondMs,
  dispatchDeadlineMs: 420 * secondMs,
} as const;

export const webhookLimits = { leaseMs: 20 * secondMs, requestMs: 30 * secondMs } as const;

const testVariables = z.object({
  TEST_RUNNER_TIMEOUT_PER_TEST: duration(secondMs, 3_600).default(60 * secondMs),
  TEST_RUNNER_TIMEOUT_PER_SUITE: duration(secondMs, 3_600).default(300 * secondMs),
  TEST_RUNNER_MEMORY_LIMIT_MB: integer(16, 16_384).default(256),
});

const nests = (innerMs: number, outerMs: number, what: string): string | null =>
  innerMs < outerMs ? null : `must be less than ${what} (${outerMs / secondMs} s)`;

/** The limits of one test and one suite, and those of everything that waits for them. */
export const verification = testVariables.transform((env, context) => {
  const testMs = env.TEST_RUNNER_TIMEOUT_PER_TEST;
  const suiteMs = env.TEST_RUNNER_TIMEOUT_PER_SUITE;
  const problems = {
    TEST_RUNNER_TIMEOUT_PER_TEST: nests(testMs, suiteMs, 'TEST_RUNNER_TIMEOUT_PER_SUITE'),
    TEST_RUNNER_TIMEOUT_PER_SUITE: nests(
      suiteMs,
      verificationLimits.runnerRequestMs,
      "the test-runner's request",
    ),
  };
  for (const [variable, message] of Object.entries(problems)) {
    if (message !== null) context.addIssue({ code: 'custom', path: [variable], message });
  }
  return { testMs, suiteMs, memoryLimitMb: env.TEST_RUNNER_MEMORY_LIMIT_MB, ...verificationLimits };
});

const webhookVariables = z.object({
  WEBHOOK_TIMEOUT_SECONDS: duration(secondMs, 3_600).default(10 * secondMs),
});

/** The limit of one exchange with an agent's endpoint, and those of everything that waits for it. */
export const webhooks = webhookVariables.transform((env, context) => {
  const exchangeMs = env.WEBHOOK_TIMEOUT_SECONDS;
  const message = nests(exchangeMs, webhookLimits.leaseMs, "the attempt's lease");
  if (message !== null) context.addIssue({ code: 'custom', path: ['WEBHOOK_TIMEOUT_SECONDS'], message });
  return { exchangeMs, ...webhookLimits };
});
