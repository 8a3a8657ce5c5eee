import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryError, type TestRunResponse } from '@agent-registry/schemas';
import { createLogger } from '@agent-registry/service-kit';
import { afterAll, expect } from '@jest/globals';
import { createContext, type RunnerContext, type RunnerDeps } from '../src/context.ts';
import { readRssBytes } from '../src/process-usage.ts';
import { createServer } from '../src/server.ts';

const token = 'Bearer test-token';

/** The limits of the real thing, with times that a test can wait for. */
export const testLimits = {
  testMs: 3_000,
  suiteMs: 8_000,
  memoryLimitMb: 128,
  runnerRequestMs: 30_000,
} as const;

/** Times that no machine reaches, for scripts that are to end by count. */
export const patientLimits = {
  ...testLimits,
  testMs: 120_000,
  suiteMs: 600_000,
  runnerRequestMs: 630_000,
} as const;

export interface Runner {
  readonly url: string;
  readonly context: RunnerContext;
  /** Posts a test run and gives the raw response. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Runs a suite on a deliverable and gives the verdict; fails on any other status than 200. */
  verdictOf(tests: readonly unknown[], deliverable: unknown, threshold?: unknown): Promise<TestRunResponse>;
  /** Expects all workers to be alive and idle, none besides them, and none to have kept much memory. */
  expectNoMoreThanItsWorkers(): Promise<void>;
  close(): Promise<void>;
}

export const facts = { started_at: '2026-01-01T00:00:00Z', delivered_at: '2026-01-01T00:00:10Z' } as const;
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A test of type script for the `javascript` runtime. */
export const script = (source: string, params: Record<string, unknown> = {}) => ({
  test_id: 'script',
  type: 'script',
  params: { script: base64(source), runtime: 'javascript', ...params },
});

/** `startRunner` for all tests of one file, ended after the last. */
export async function openRunner(deps: Partial<RunnerDeps> = {}): Promise<Runner> {
  const runner = await startRunner(deps);
  afterAll(() => runner.close());
  return runner;
}

/** Starts the whole service over HTTP on a free port; for one core unless told otherwise, since each core's workers take seconds to load. */
export async function startRunner(deps: Partial<RunnerDeps> = {}): Promise<Runner> {
  const context = await createContext({
    log: createLogger({ service: 'test-runner', level: 'silent' }),
    verification: testLimits,
    cores: 1,
    verifyToken: (authorization) =>
      authorization === token
        ? Promise.resolve()
        : Promise.reject(new RegistryError('unauthenticated', 'no token')),
    ...deps,
  });
  const server = createHttpServer(createServer(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/internal/test-runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: token, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    url,
    context,
    post,
    async verdictOf(tests, deliverable, threshold = 'all') {
      const criteria = { version: '1.0', tests, pass_threshold: threshold };
      const response = await post({ run_id: 'run', criteria, deliverable, facts });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`);
      return JSON.parse(text) as TestRunResponse;
    },
    async expectNoMoreThanItsWorkers() {
      await context.checks.warm();
      const pids = context.workerPids();
      expect(pids.length).toBe(2 * (context.limits.slots + 1));
      expect(context.queue.load()).toEqual({ running: 0, waiting: 0 });
      for (const pid of pids) expect(readRssBytes(pid)).toBeLessThan(400 * 1_048_576);
    },
    async close() {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
