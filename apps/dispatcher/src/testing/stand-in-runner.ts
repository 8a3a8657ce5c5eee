import { createServer, type IncomingMessage } from 'node:http';
import { BEHAVIOURS, type Behaviour } from '@agent-registry/outbound/testing';
import type { TestRunResponse } from '@agent-registry/schemas';
import { listen } from '@agent-registry/servers';

/** What the stand-in says to one request: a status with a body, text as it is, bytes of its own making, or nothing at all. */
export type Say =
  | { status: number; body: unknown; headers?: Readonly<Record<string, string>> }
  | { status: number; text: string }
  | { behave: Behaviour }
  | 'silence';

export interface RunnerRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly text: string;
}

export interface StandInRunner {
  readonly url: string;
  readonly requests: RunnerRequest[];
  /** Answers by the request; replaced by tests. */
  say: (request: RunnerRequest) => Say;
  close(): Promise<void>;
}

/** In the place of the test-runner, where a test needs it to fail in a certain way. */
export async function startStandInRunner(): Promise<StandInRunner> {
  const runner: Pick<StandInRunner, 'requests' | 'say'> = {
    requests: [],
    say: () => ({ status: 200, body: verdict('pass') }),
  };
  const server = createServer((req, res) => {
    void read(req).then((request) => {
      runner.requests.push(request);
      const said = runner.say(request);
      if (said === 'silence') return;
      if ('behave' in said) {
        BEHAVIOURS[said.behave](req.socket, { dripMs: 20, retryAfter: '1', redirectTo: '/elsewhere' });
        return;
      }
      const text = 'text' in said ? said.text : JSON.stringify(said.body);
      const headers = 'headers' in said ? said.headers : {};
      res.writeHead(said.status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  return Object.assign(runner, await listen(server));
}

async function read(req: IncomingMessage): Promise<RunnerRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: req.method ?? '',
    path: req.url ?? '',
    authorization: req.headers.authorization ?? '',
    text: Buffer.concat(chunks).toString(),
  };
}

export const isCanary = ({ text }: RunnerRequest): boolean => text.includes('"run_id":"canary"');

/** A verdict as the test-runner gives it. */
export function verdict(kind: TestRunResponse['verdict']): TestRunResponse {
  const outcome = kind === 'pass' ? 'passed' : kind === 'fail' ? 'failed' : 'error';
  const hash = '0'.repeat(64);
  return {
    run_id: 'run',
    verdict: kind,
    results: [
      {
        test_id: 't1',
        type: 'contains',
        passed: kind === 'pass',
        outcome,
        message: 'for the seller',
        exit_code: null,
        stdout: '',
        stderr: '',
      },
    ],
    summary: kind,
    criteria_hash: hash,
    deliverable_hash: hash,
    isolation: { backend: 'stand-in', backends: [], runtimes: [] },
    usage: { duration_ms: 1, cpu_ms: 1, peak_memory_bytes: 1, tests: [] },
  };
}
