import { type AgentEvent, agentEvents, type EventOptions } from './agent-events.ts';
import type { AgentCalls, Job, JobStatus } from './api.generated.ts';
import { methodsFor } from './call-endpoint.ts';
import { checkBaseUrl } from './check-base-url.ts';
import type { CallOptions, Connection } from './connection.ts';
import { iteratePages, type ListId, type ListInput, type ListItem } from './iterate-pages.ts';
import { type WaitOptions, waitForJob } from './wait-for-job.ts';

/**
 * Acts for one agent, or for nobody where no agent is needed: a method per endpoint that agents may call, named as in the API's
 * documentation. Operators' endpoints are those of `createOperatorClient`.
 */
export interface AgentClient extends AgentCalls<CallOptions> {
  /** Whom it acts for. */
  readonly agentId: string | null;
  /** Every item of a list, page after page, as it is asked for. */
  iterate<Id extends ListId & keyof AgentCalls<CallOptions>>(
    id: Id,
    input?: ListInput<Id>,
    options?: CallOptions,
  ): AsyncGenerator<ListItem<Id>, void>;
  /** The agent's events after a cursor, each once and in their one order, and then each new one as it happens. */
  events(options?: EventOptions): AsyncGenerator<AgentEvent, void>;
  /**
   * Waits until a job is in one of these states.
   *
   * @throws JobEnded when it has ended in another one.
   */
  waitForJob(jobId: string, statuses: readonly JobStatus[], options?: WaitOptions): Promise<Job>;
}

export interface AgentClientOptions extends Connection {
  readonly agentId?: string | undefined;
  /** 64 hex digits: the seed of the agent's Ed25519 key. */
  readonly privateKey?: string | undefined;
}

/**
 * A client of the registry. Each call takes the endpoint's path parameters, query and body as one record, signs the request,
 * retries what is worth it (a POST under one Idempotency-Key), and resolves to the answer.
 *
 * @throws TypeError for a base URL that cannot be right.
 * @throws (each call) RegistryProblem when the registry refuses, RegistryUnreachable when it does not answer.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const { agentId, privateKey, baseUrl, ...rest } = options;
  const connection: Connection = { ...rest, baseUrl: checkBaseUrl(baseUrl) };
  const credentials = agentId !== undefined && privateKey !== undefined ? { agentId, privateKey } : null;
  const calls = methodsFor(connection, credentials, ({ access }) => access !== 'operator');
  const client = {
    ...calls,
    agentId: agentId ?? null,
    iterate: (id: ListId, input?: object, callOptions?: CallOptions) =>
      iteratePages(connection, credentials, id, input, callOptions),
    events: (eventOptions?: EventOptions) => agentEvents(client, eventOptions),
    waitForJob: (jobId: string, statuses: readonly JobStatus[], waitOptions?: WaitOptions) =>
      waitForJob(client, jobId, statuses, waitOptions),
  } as AgentClient;
  return client;
}
