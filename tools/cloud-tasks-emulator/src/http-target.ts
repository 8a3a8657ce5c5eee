// A queue's http_target: what it puts in place of its HTTP tasks' own URL, method, headers and token.
import { invalidArgument } from './grpc-error.ts';
import { type HttpTargetOverride, overrideUrl } from './override-url.ts';
import type { HttpTarget } from './task.ts';
import { METHODS_WITH_BODY, parseHeaders, parseMethod, parseOidc } from './validate-task.ts';

const MAX_PORT = 65_535;

const headersOf = (override: HttpTargetOverride): Record<string, string> =>
  parseHeaders(
    Object.fromEntries(
      (override.headerOverrides ?? []).map(({ header }) => [header?.key ?? '', header?.value ?? '']),
    ),
    'httpTarget.headerOverrides',
  );

/** INVALID_ARGUMENT for an override that no task could be sent by; UNIMPLEMENTED for an OAuth token. */
export const checkHttpTarget = (override: HttpTargetOverride | undefined): void => {
  if (override === undefined) return;
  const { host, port } = override.uriOverride ?? {};
  if (host !== undefined && host !== null && URL.parse(`http://${host}/`)?.host !== host.toLowerCase())
    throw invalidArgument('httpTarget.uriOverride.host is not a host');
  if (!(Number(port ?? 0) >= 0 && Number(port ?? 0) <= MAX_PORT))
    throw invalidArgument(`httpTarget.uriOverride.port must be between 0 and ${MAX_PORT}`);
  headersOf(override);
  parseMethod(override.httpMethod, 'httpTarget');
  const oidc = parseOidc(override, '', 'httpTarget');
  if (oidc?.audience === '') throw invalidArgument('httpTarget.oidcToken.audience is required');
};

/** What is sent for a task of the queue. */
export const overrideTarget = (target: HttpTarget, override: HttpTargetOverride | undefined): HttpTarget => {
  if (override === undefined) return target;
  const replaced = headersOf(override);
  const names = new Set(Object.keys(replaced).map((name) => name.toLowerCase()));
  const kept = Object.entries(target.headers).filter(([name]) => !names.has(name.toLowerCase()));
  const method = override.httpMethod ? parseMethod(override.httpMethod, 'httpTarget') : target.method;
  return {
    url: overrideUrl(target.url, override).href,
    method,
    headers: { ...Object.fromEntries(kept), ...replaced },
    body: METHODS_WITH_BODY.includes(method) ? target.body : null,
    oidc: parseOidc(override, '', 'httpTarget') ?? target.oidc,
  };
};
