// When a failed task is tried again, and when it no longer is.
import type { protos } from '@google-cloud/tasks';
import { msToWire } from './wire-time.ts';

export interface RetryConfig {
  /** Attempts in all, the first included; -1 is without limit. */
  readonly maxAttempts: number;
  /** How long after the first attempt retries may go on, in milliseconds; 0 is without limit. */
  readonly maxRetryDurationMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
}

/**
 * Wait before retry number `retry` (0 for the first retry), in milliseconds: the wait doubles `maxDoublings` times,
 * then grows by a constant step, and never passes `maxBackoffMs`.
 */
export const backoffMs = (config: RetryConfig, retry: number): number => {
  const { minBackoffMs, maxBackoffMs, maxDoublings } = config;
  if (minBackoffMs === 0) return 0;
  if (retry <= maxDoublings) return Math.min(maxBackoffMs, minBackoffMs * 2 ** retry);
  return Math.min(maxBackoffMs, minBackoffMs * 2 ** maxDoublings * (retry - maxDoublings + 1));
};

/**
 * Whether a task that has just failed is given up. As in Cloud Tasks, when both an attempt limit and a time limit
 * are set, both must be reached; when neither is, the task is retried for ever.
 */
export const isExhausted = (config: RetryConfig, attempts: number, sinceFirstAttemptMs: number): boolean => {
  const limits: boolean[] = [];
  if (config.maxAttempts !== -1) limits.push(attempts >= config.maxAttempts);
  if (config.maxRetryDurationMs > 0) limits.push(sinceFirstAttemptMs >= config.maxRetryDurationMs);
  return limits.length > 0 && limits.every(Boolean);
};

/**
 * Wait after attempt number `attempts` (1 for the first) has failed, in milliseconds: the backoff, or what a 429 or 503
 * asked for by Retry-After when that is longer, never more than `maxBackoffMs`.
 */
export const retryDelayMs = (config: RetryConfig, attempts: number, retryAfterMs: number | null): number =>
  Math.max(backoffMs(config, attempts - 1), Math.min(retryAfterMs ?? 0, config.maxBackoffMs));

export const retryToWire = (retry: RetryConfig): protos.google.cloud.tasks.v2.IRetryConfig => ({
  maxAttempts: retry.maxAttempts,
  maxRetryDuration: retry.maxRetryDurationMs > 0 ? msToWire(retry.maxRetryDurationMs) : null,
  minBackoff: msToWire(retry.minBackoffMs),
  maxBackoff: msToWire(retry.maxBackoffMs),
  maxDoublings: retry.maxDoublings,
});
