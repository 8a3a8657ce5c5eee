import type { OperatorCalls } from './api.generated.ts';
import { methodsFor } from './call-endpoint.ts';
import { checkBaseUrl } from './check-base-url.ts';
import type { CallOptions, Connection } from './connection.ts';
import { iteratePages, type ListId, type ListInput, type ListItem } from './iterate-pages.ts';

export interface OperatorClientOptions extends Connection {
  /** The operator's key, as `X-Operator-Key` carries it. */
  readonly operatorKey: string;
}

/** Acts for an operator: a method per operators' endpoint, named as in the API's documentation. */
export interface OperatorClient extends OperatorCalls<CallOptions> {
  /** Every item of a list, page after page, as it is asked for. */
  iterate<Id extends ListId & keyof OperatorCalls<CallOptions>>(
    id: Id,
    input?: ListInput<Id>,
    options?: CallOptions,
  ): AsyncGenerator<ListItem<Id>, void>;
}

/** What a header may carry: a key that is none would be shown by the error of whoever sends it. */
const KEY = /^[\x21-\x7e]+$/;

/**
 * A client for the people who run a registry. Money moves once for each idempotency key, which is a random one unless given.
 * Throws as `createAgentClient` and its calls do.
 */
export function createOperatorClient({ operatorKey, ...rest }: OperatorClientOptions): OperatorClient {
  if (!KEY.test(operatorKey)) throw new TypeError('an operator key is visible ASCII without spaces');
  const connection: Connection = { ...rest, baseUrl: checkBaseUrl(rest.baseUrl) };
  const credentials = { operatorKey };
  return {
    ...methodsFor(connection, credentials, ({ access }) => access === 'operator'),
    iterate: (id: ListId, input?: object, options?: CallOptions) =>
      iteratePages(connection, credentials, id, input, options),
  } as OperatorClient;
}
