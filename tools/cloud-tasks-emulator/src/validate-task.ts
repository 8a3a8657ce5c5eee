// CreateTask's input, validated as Cloud Tasks does. Everything wrong is INVALID_ARGUMENT with the field's name.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { protos } from '@google-cloud/tasks';
import { invalidArgument, unimplemented } from './grpc-error.ts';
import { type HttpTargetOverride, overrideUrl } from './override-url.ts';
import { isLoopbackHost } from './target-policy.ts';
import type { HttpTarget } from './task.ts';
import { wireToMs } from './wire-time.ts';

type ITask = protos.google.cloud.tasks.v2.ITask;
type IHttpRequest = protos.google.cloud.tasks.v2.IHttpRequest;

const MAX_BODY_BYTES = 1_048_576;
const MAX_HEADER_BYTES = 81_920;
const MAX_URL_CHARACTERS = 2083;
const MAX_SCHEDULE_AHEAD_MS = 30 * 24 * 3_600_000;
const MIN_DISPATCH_DEADLINE_MS = 15_000;
const MAX_DISPATCH_DEADLINE_MS = 30 * 60_000;
const DEFAULT_DISPATCH_DEADLINE_MS = 10 * 60_000;
const MAX_EMAIL_CHARACTERS = 254;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

const METHODS = ['POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;
export const METHODS_WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** Set by Cloud Tasks or by HTTP itself: a creator's value is dropped, as the product does. */
const RESERVED_HEADERS =
  /^(host|content-length|user-agent|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|x-google-.*|x-appengine-.*|x-cloudtasks-.*)$/i;

const parseUrl = (
  text: string | null | undefined,
  allowAnyTarget: boolean,
  override: HttpTargetOverride | undefined,
): string => {
  if (!text || !/^https?:\/\//i.test(text))
    throw invalidArgument('httpRequest.url must begin with http:// or https://');
  if (text.length > MAX_URL_CHARACTERS) {
    throw invalidArgument(`httpRequest.url is longer than ${MAX_URL_CHARACTERS} characters`);
  }
  const url = URL.parse(text);
  if (url === null) throw invalidArgument('httpRequest.url is not a URL');
  if (url.username !== '' || url.password !== '')
    throw invalidArgument('httpRequest.url must not carry credentials');
  const { host, hostname } = overrideUrl(text, override);
  if (!allowAnyTarget && !isLoopbackHost(hostname)) throw notThisMachine(host);
  return text;
};

export const notThisMachine = (host: string): Error =>
  invalidArgument(
    `This emulator is a development tool and calls this machine alone, not ${host}; --allow-any-target lifts that`,
  );

/** The headers that are the creator's to set; INVALID_ARGUMENT, with `field`'s name, for what HTTP forbids. */
export const parseHeaders = (
  headers: Readonly<Record<string, string>>,
  field: string,
): Record<string, string> => {
  const kept: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw invalidArgument(
        `${field} has a name or value that HTTP forbids: ${JSON.stringify(name.slice(0, 80))}`,
      );
    }
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > MAX_HEADER_BYTES) throw invalidArgument(`${field} exceed ${MAX_HEADER_BYTES} bytes`);
    if (!RESERVED_HEADERS.test(name)) kept[name] = value;
  }
  return kept;
};

/** The method, POST unless named; `owner` is the message that has it. */
export const parseMethod = (method: IHttpRequest['httpMethod'], owner: string): HttpTarget['method'] => {
  if (method === undefined || method === null || method === 'HTTP_METHOD_UNSPECIFIED') return 'POST';
  const known = METHODS.find((name) => name === method);
  if (known === undefined) throw invalidArgument(`${owner}.httpMethod is not a method`);
  return known;
};

/** The token that `owner` asks for, for the audience `url` unless it names one; null when it asks for none. */
export const parseOidc = (
  request: Pick<IHttpRequest, 'oauthToken' | 'oidcToken'>,
  url: string,
  owner: string,
): HttpTarget['oidc'] => {
  if (request.oauthToken)
    throw unimplemented('OAuth tokens are for Google APIs; this emulator signs OIDC tokens only');
  if (!request.oidcToken) return null;
  const email = request.oidcToken.serviceAccountEmail ?? '';
  if (email.length > MAX_EMAIL_CHARACTERS || !EMAIL.test(email)) {
    throw invalidArgument(`${owner}.oidcToken.serviceAccountEmail is not an e-mail address`);
  }
  const audience = request.oidcToken.audience || url;
  if (audience.length > MAX_URL_CHARACTERS) throw invalidArgument(`${owner}.oidcToken.audience is too long`);
  return { email, audience };
};

/** The target of a task; a URL that is not on this machine is refused unless `allowAnyTarget`. */
export const parseTarget = (
  task: ITask,
  allowAnyTarget: boolean,
  override: HttpTargetOverride | undefined,
): HttpTarget => {
  if (task.appEngineHttpRequest) throw unimplemented('App Engine targets are not emulated; use httpRequest');
  const request = task.httpRequest;
  if (!request) throw invalidArgument('task.httpRequest is required');
  const url = parseUrl(request.url, allowAnyTarget, override);
  const method = parseMethod(request.httpMethod, 'httpRequest');
  const body =
    request.body === undefined || request.body === null ? null : Buffer.from(request.body as Uint8Array);
  if (body !== null && body.length > MAX_BODY_BYTES) {
    throw invalidArgument(`httpRequest.body is ${body.length} bytes; the limit is ${MAX_BODY_BYTES}`);
  }
  if (body !== null && body.length > 0 && !METHODS_WITH_BODY.includes(method)) {
    throw invalidArgument(
      `httpRequest.body is allowed with ${METHODS_WITH_BODY.join(', ')} only, not ${method}`,
    );
  }
  const headers = parseHeaders(request.headers ?? {}, 'httpRequest.headers');
  return { url, method, headers, body, oidc: parseOidc(request, url, 'httpRequest') };
};

/** When the task is due: now, unless it is scheduled for later; at most 30 days ahead. */
export const parseScheduleMs = (task: ITask, nowMs: number): number => {
  if (!task.scheduleTime) return nowMs;
  const scheduleMs = wireToMs(task.scheduleTime, 'task.scheduleTime');
  if (scheduleMs > nowMs + MAX_SCHEDULE_AHEAD_MS) {
    throw invalidArgument('task.scheduleTime is more than 30 days ahead');
  }
  return Math.max(nowMs, scheduleMs);
};

export const parseDeadlineMs = (task: ITask): number => {
  if (!task.dispatchDeadline) return DEFAULT_DISPATCH_DEADLINE_MS;
  const deadlineMs = wireToMs(task.dispatchDeadline, 'task.dispatchDeadline');
  if (deadlineMs < MIN_DISPATCH_DEADLINE_MS || deadlineMs > MAX_DISPATCH_DEADLINE_MS) {
    throw invalidArgument('task.dispatchDeadline must be between 15 seconds and 30 minutes');
  }
  return deadlineMs;
};
