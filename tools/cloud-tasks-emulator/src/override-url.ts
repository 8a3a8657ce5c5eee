// Where a queue's http_target sends its tasks.
import type { protos } from '@google-cloud/tasks';
import { isLoopbackHost } from './target-policy.ts';

/** As the wire has it, and as it is journalled and shown again. */
export type HttpTargetOverride = protos.google.cloud.tasks.v2beta3.IHttpTarget;

/** Whether the override leads to this machine, or leaves the host to the tasks. */
export const leadsToLoopback = (override: HttpTargetOverride | undefined): boolean => {
  const host = override?.uriOverride?.host;
  return host === undefined || host === null || isLoopbackHost(host);
};

/** The URL that a task is sent to. IF_NOT_EXISTS fills in what the task's URL leaves out: port, path and query. */
export const overrideUrl = (text: string, override: HttpTargetOverride | undefined): URL => {
  const url = new URL(text);
  const uri = override?.uriOverride;
  if (!uri) return url;
  const always = uri.uriOverrideEnforceMode !== 'IF_NOT_EXISTS';
  const { scheme, host, port, pathOverride, queryOverride } = uri;
  if (always && scheme) url.protocol = scheme === 'HTTP' ? 'http:' : 'https:';
  if (always && host) url.hostname = host;
  if (typeof port === 'number' && (always || url.port === '')) url.port = port === 0 ? '' : String(port);
  if (pathOverride && (always || url.pathname === '/')) url.pathname = pathOverride.path ?? '';
  if (queryOverride && (always || url.search === '')) url.search = queryOverride.queryParams ?? '';
  return url;
};
