// Whether a deployed service serves, asked from outside and without leaving anything behind.
import { randomUUID } from 'node:crypto';
import { taskKinds } from '@agent-registry/schemas';
import type { ServiceName } from './environments.ts';

const requestTimeoutMs = 20_000; // A service without instances starts one first.

export interface SmokeResult {
  readonly check: string;
  /** What was wrong; null when nothing was. */
  readonly problem: string | null;
}

interface Check {
  readonly what: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly status: number;
  readonly body?: string;
}

const health: readonly Check[] = [
  { what: 'it is alive', method: 'GET', path: '/health', status: 200 },
  { what: 'it is ready', method: 'GET', path: '/ready', status: 200 },
];

const privateRoute: Readonly<Record<'dispatcher' | 'test-runner', string>> = {
  dispatcher: taskKinds.sweep.path,
  'test-runner': '/internal/test-runs',
};

const checksOf = (service: ServiceName): readonly Check[] =>
  service === 'api'
    ? [
        ...health,
        { what: 'its description is served', method: 'GET', path: '/openapi.json', status: 200 },
        {
          what: 'agents are found in the database',
          method: 'GET',
          path: '/v1/discover?limit=1',
          status: 200,
        },
        {
          what: 'an unknown agent is not found',
          method: 'GET',
          path: `/v1/agents/${randomUUID()}`,
          status: 404,
        },
        { what: 'an unsigned order is refused', method: 'POST', path: '/v1/jobs', status: 401, body: '{}' },
      ]
    : [
        ...health,
        {
          what: 'a call without a token is refused',
          method: 'POST',
          path: privateRoute[service],
          status: 401,
          body: '{}',
        },
      ];

const perform = async (baseUrl: string, check: Check): Promise<SmokeResult> => {
  try {
    const response = await fetch(`${baseUrl}${check.path}`, {
      method: check.method,
      redirect: 'error',
      signal: AbortSignal.timeout(requestTimeoutMs),
      ...(check.body === undefined
        ? {}
        : { body: check.body, headers: { 'Content-Type': 'application/json' } }),
    });
    await response.arrayBuffer();
    const isRight = response.status === check.status;
    return { check: check.what, problem: isRight ? null : `${response.status} instead of ${check.status}` };
  } catch (error) {
    return { check: check.what, problem: (error as Error).message };
  }
};

/** Asks a service what a caller without rights may ask. Changes nothing; takes at most 20 s a check. */
export const smokeTest = async (service: ServiceName, baseUrl: string): Promise<SmokeResult[]> => {
  const results: SmokeResult[] = [];
  for (const check of checksOf(service)) results.push(await perform(baseUrl, check));
  return results;
};
