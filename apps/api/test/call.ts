import { generateKeyPair, type KeyPair, signHttpRequest, signRequest } from '@agent-registry/signing';
import { checkResponse } from './check-response.ts';
import { OPERATOR_KEY, type TestApi } from './start-api.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds, and the OpenAPI document checks it
type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Instead of `body`: these very bytes. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request and checks that the answer is one the OpenAPI document promises. */
export async function call(
  api: TestApi,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Reply> {
  const payload = payloadOf(options);
  const response = await fetch(api.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(payload === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  const { status, headers } = response;
  checkResponse({ method, path, status, headers, text });
  const isJson = /json/.test(headers.get('content-type') ?? '') && text !== '';
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** How a call ended: "200", "409 own_offer", "422 max_budget" where a field is named. */
export function outcomeOf({ status, body }: Reply): string {
  return status < 400 ? String(status) : `${status} ${body.errors?.[0]?.path ?? body.code}`;
}

let operatorCalls = 0;
/** Makes calls of an operator's; each has an Idempotency-Key of its own unless one is given. */
export const operatorOf =
  (api: TestApi) =>
  (method: string, path: string, body?: object, idempotencyKey?: string): Promise<Reply> => {
    operatorCalls += 1;
    const headers = {
      'X-Operator-Key': OPERATOR_KEY,
      'Idempotency-Key': idempotencyKey ?? `operator-${operatorCalls}`,
    };
    return call(api, method, `/v1/operator${path}`, { body, headers });
  };

/** An agent that signs what it sends. */
export interface TestAgent {
  readonly id: string;
  readonly keys: KeyPair;
  readonly webhookSecret: string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** The headers that a request would carry, signed by AgentSig. */
  sign(method: string, path: string, options?: CallOptions): Record<string, string>;
  /** The same by RFC 9421; an Idempotency-Key among the options' headers is covered. */
  signHttp(method: string, path: string, options?: CallOptions): Record<string, string>;
}

let signed = 0;
/** The test's time with digits below the millisecond that no request had before: equal requests within one tick would be replays. */
function nextTimestamp(api: TestApi): string {
  signed = (signed + 1) % 1_000_000;
  return api.clock
    .now()
    .toISOString()
    .replace('Z', `${String(signed).padStart(6, '0')}Z`);
}

export function agentWith(api: TestApi, id: string, keys: KeyPair, webhookSecret = ''): TestAgent {
  const sign: TestAgent['sign'] = (method, path, options = {}) =>
    signRequest({
      agentId: id,
      privateKey: keys.privateKey,
      method,
      path,
      body: Buffer.from(payloadOf(options) ?? ''),
      timestamp: nextTimestamp(api),
    });
  return {
    id,
    keys,
    webhookSecret,
    sign,
    signHttp: (method, path, options) =>
      signHttp(api, { keyId: id, privateKey: keys.privateKey }, { method, path, options }),
    call: (method, path, options = {}) =>
      call(api, method, path, {
        ...options,
        headers: { ...sign(method, path, options), ...options.headers },
      }),
  };
}

/** The headers of a request to the API's own origin that a key signs by RFC 9421. */
export function signHttp(
  api: TestApi,
  key: { readonly keyId: string; readonly privateKey: string },
  { method, path, options = {} }: { method: string; path: string; options?: CallOptions | undefined },
): Record<string, string> {
  const [url] = api.context.config.signatureOrigins;
  const body = Buffer.from(payloadOf(options) ?? '');
  const idempotencyKey = options.headers?.['Idempotency-Key'];
  return signHttpRequest({ ...key, method, url: url + path, body, idempotencyKey, now: api.clock.now() });
}

/** Registers an agent over HTTP. */
export async function newAgent(
  api: TestApi,
  profile: Readonly<Record<string, unknown>> = {},
): Promise<TestAgent> {
  const keys = generateKeyPair();
  const reply = await call(api, 'POST', '/v1/agents', {
    body: { public_key: keys.publicKey, display_name: 'Agent', ...profile },
  });
  if (reply.status !== 201) throw new Error(`registration answered ${reply.status}: ${reply.text}`);
  return agentWith(api, String(reply.body.agent_id), keys, String(reply.body.webhook_secret));
}

function payloadOf({ body, raw }: CallOptions): string | Uint8Array<ArrayBuffer> | undefined {
  if (raw !== undefined) return raw;
  return body === undefined ? undefined : JSON.stringify(body);
}
