// One attempt: the HTTP request that Cloud Tasks would send, and what became of it.
import * as http from 'node:http';
import * as https from 'node:https';
import { status as grpc } from '@grpc/grpc-js';
import type { EmulatorClock } from './clock.ts';
import type { AttemptKind } from './rate.ts';
import { isLoopbackHost } from './target-policy.ts';
import type { HttpTarget, Task } from './task.ts';

/** Bytes of an answer that are read; what a target sends beyond is cut off, its status stands. */
const MAX_RESPONSE_BYTES = 1_048_576;

export interface Outcome {
  readonly ok: boolean;
  readonly kind: AttemptKind;
  /** The HTTP status, or null when no whole answer came. */
  readonly httpStatus: number | null;
  readonly code: number;
  readonly reason: string;
  /** What a 429 or 503 asked for by Retry-After in seconds; null when it asked nothing. */
  readonly retryAfterMs: number | null;
}

export interface Dispatcher {
  /** Sends one attempt. Resolves always; null when it was abandoned by `signal`, which is no outcome at all. */
  send(
    target: HttpTarget,
    headers: Record<string, string>,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Outcome | null>;
  readonly close: () => void;
}

const GRPC_CODES: Readonly<Record<number, number>> = {
  400: grpc.INVALID_ARGUMENT,
  401: grpc.UNAUTHENTICATED,
  403: grpc.PERMISSION_DENIED,
  404: grpc.NOT_FOUND,
  409: grpc.ABORTED,
  429: grpc.RESOURCE_EXHAUSTED,
  499: grpc.CANCELLED,
  500: grpc.INTERNAL,
  501: grpc.UNIMPLEMENTED,
  503: grpc.UNAVAILABLE,
  504: grpc.DEADLINE_EXCEEDED,
};

export const noAnswer = (code: number, reason: string): Outcome => ({
  ok: false,
  kind: 'error',
  httpStatus: null,
  code,
  reason,
  retryAfterMs: null,
});

const answered = (httpStatus: number, retryAfter: string | undefined): Outcome => {
  const ok = httpStatus >= 200 && httpStatus < 300;
  const overload = httpStatus === 429 || httpStatus === 503;
  return {
    ok,
    kind: ok ? 'success' : overload ? 'overload' : 'error',
    httpStatus,
    code: ok ? grpc.OK : (GRPC_CODES[httpStatus] ?? grpc.UNKNOWN),
    reason: `HTTP status code ${httpStatus}`,
    retryAfterMs: overload && /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : null,
  };
};

/** The headers of a task's next attempt: the creator's, with Cloud Tasks' own over them. Call it before counting the attempt. */
export const attemptHeaders = (queueId: string, task: Task, target: HttpTarget): Record<string, string> => {
  const headers: Record<string, string> = {};
  const { body, oidc } = target;
  let typed = false;
  for (const [name, value] of Object.entries(target.headers)) {
    typed ||= name.toLowerCase() === 'content-type';
    if (oidc === null || name.toLowerCase() !== 'authorization') headers[name] = value;
  }
  if (body !== null && body.length > 0 && !typed) headers['Content-Type'] = 'application/octet-stream';
  headers['User-Agent'] = 'Google-Cloud-Tasks';
  headers['X-CloudTasks-QueueName'] = queueId;
  headers['X-CloudTasks-TaskName'] = task.id;
  headers['X-CloudTasks-TaskRetryCount'] = String(task.dispatchCount + task.running);
  headers['X-CloudTasks-TaskExecutionCount'] = String(task.executionCount);
  headers['X-CloudTasks-TaskETA'] = (task.scheduleMs / 1000).toFixed(6);
  if (task.lastAttempt !== null) {
    const { httpStatus, reason } = task.lastAttempt;
    if (httpStatus !== null) headers['X-CloudTasks-TaskPreviousResponse'] = String(httpStatus);
    headers['X-CloudTasks-TaskRetryReason'] = reason;
  }
  return headers;
};

/** Drains an answer, whose content is not used, so that the connection can be reused. */
const drain = (response: http.IncomingMessage, done: () => void): void => {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_RESPONSE_BYTES) return;
    done();
    response.destroy();
  });
  response.on('end', done);
};

export const createDispatcher = (clock: EmulatorClock, allowAnyTarget: boolean): Dispatcher => {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  };
  const send: Dispatcher['send'] = (target, headers, deadlineMs, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve(null);
        return;
      }
      const url = new URL(target.url);
      if (!allowAnyTarget && !isLoopbackHost(url.hostname)) {
        resolve(
          noAnswer(
            grpc.PERMISSION_DENIED,
            'The target is not on this machine and --allow-any-target is not given',
          ),
        );
        return;
      }
      const secure = url.protocol === 'https:';
      const request = (secure ? https : http).request(url, {
        method: target.method,
        headers: { ...headers, 'Content-Length': target.body?.length ?? 0 },
        agent: agents[secure ? 'https:' : 'http:'],
      });
      const settle = (outcome: Outcome | null) => {
        cancelDeadline();
        signal.removeEventListener('abort', abandon);
        resolve(outcome);
        if (outcome === null || outcome.httpStatus === null) request.destroy();
      };
      const abandon = () => settle(null);
      const cancelDeadline = clock.after(deadlineMs, () =>
        settle(
          noAnswer(
            grpc.DEADLINE_EXCEEDED,
            `No answer within the dispatch deadline of ${deadlineMs / 1000} s`,
          ),
        ),
      );
      signal.addEventListener('abort', abandon, { once: true });
      const broke = (error: Error) =>
        settle(
          noAnswer(
            grpc.UNAVAILABLE,
            `No answer: ${(error as NodeJS.ErrnoException).code ?? 'connection failed'}`,
          ),
        );
      request.on('error', broke);
      request.on('response', (response) => {
        response.on('error', broke);
        drain(response, () => settle(answered(response.statusCode ?? 0, response.headers['retry-after'])));
      });
      request.end(target.body ?? undefined);
    });
  return {
    send,
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
};
