import { commit } from '@agent-registry/operations';
import type { Contract } from '@agent-registry/schemas';
import type { AnyRequest, ApiRequest } from './api-request.ts';
import { auditCall } from './audit-operator.ts';
import type { ApiContext } from './context.ts';
import type { SentAnswer } from './middleware/idempotency.ts';
import { type MutationEndpoint, performMutation, type Replies, toSent } from './perform.ts';
import { type Incoming, readRequest } from './read-request.ts';

export { Answer } from './api-request.ts';

/** An endpoint as the router sees it. */
export interface Endpoint {
  readonly contract: Contract;
  /** Checks a request against the contract. @throws RegistryError as `readRequest` does. */
  readonly receive: (incoming: Incoming) => ReceivedRequest;
}

export interface ReceivedRequest {
  readonly request: AnyRequest;
  /** Does the endpoint's work, and returns what to send. */
  readonly perform: (context: ApiContext) => Promise<SentAnswer>;
}

/** An endpoint that reads and answers; changes nothing. */
export function reading<C extends Contract>({
  contract,
  read,
}: {
  contract: C;
  read: (context: ApiContext, request: ApiRequest<C>) => Replies<C>;
}): Endpoint {
  return endpoint(contract, async (context, request) => {
    const sent = toSent(contract, await read(context, request));
    if (contract.access === 'operator')
      await commit(context, (op) => auditCall(op, contract, request, 'read'));
    return sent;
  });
}

/** An endpoint that changes something, in one transaction. */
export function changing<C extends Contract>(mutation: Omit<MutationEndpoint<C, void>, 'prepare'>): Endpoint {
  return preparing({ ...mutation, prepare: async () => undefined });
}

/** The same for an endpoint that has something to prepare before its transaction. */
export function preparing<C extends Contract, Prepared>(mutation: MutationEndpoint<C, Prepared>): Endpoint {
  return endpoint(mutation.contract, (context, request) => performMutation(context, mutation, request));
}

/** An endpoint that decides for itself what to read, wait for or change. */
export function handling<C extends Contract>({
  contract,
  handle,
}: {
  contract: C;
  handle: (context: ApiContext, request: ApiRequest<C>) => Replies<C>;
}): Endpoint {
  return endpoint(contract, async (context, request) => toSent(contract, await handle(context, request)));
}

function endpoint<C extends Contract>(
  contract: C,
  perform: (context: ApiContext, request: ApiRequest<C>) => Promise<SentAnswer>,
): Endpoint {
  return {
    contract,
    receive: (incoming) => {
      const request = readRequest(contract, incoming);
      return { request, perform: (context) => perform(context, request) };
    },
  };
}
