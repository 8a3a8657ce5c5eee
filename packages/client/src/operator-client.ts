import type { OperatorCalls } from './api.generated.ts';
import { methodsFor } from './call-endpoint.ts';
import { checkBaseUrl } from './check-base-url.ts';
import type { CallOptions, Connection } from './connection.ts';

export interface OperatorClientOptions extends Connection {
  /** The operator's key, as `X-Operator-Key` carries it. */
  readonly operatorKey: string;
}

/** Acts for an operator: a method per operators' endpoint, named as in the API's documentation. */
export type OperatorClient = OperatorCalls<CallOptions>;

/**
 * A client for the people who run a registry. Money moves once for each idempotency key, which is a random one unless given.
 * Throws as `createAgentClient` and its calls do.
 */
export function createOperatorClient({ operatorKey, ...rest }: OperatorClientOptions): OperatorClient {
  const connection: Connection = { ...rest, baseUrl: checkBaseUrl(rest.baseUrl) };
  const calls = methodsFor(connection, { operatorKey }, ({ access }) => access === 'operator');
  return calls as unknown as OperatorClient;
}
