import { isDeepStrictEqual } from 'node:util';
import type { AgentClient, WebhookOf } from '@agent-registry/client';
import type { EventType } from '@agent-registry/schemas';
import type { Narrator } from './tell.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export interface Actor {
  readonly name: string;
  readonly agentId: string;
  readonly client: AgentClient;
}

/** Everything that a job of the story needs. */
export interface Scene {
  readonly tell: Narrator;
  readonly alice: Actor & { readonly receiver: WebhookReceiver };
  readonly bob: Actor;
  readonly listingId: string;
}

/** A step that did not go as it had to; the message names it. */
export class StepFailed extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StepFailed';
  }
}

/** Runs one step of the story, so that a failure says which it was. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StepFailed ? error : new StepFailed(name, error);
  }
}

/** Throws unless two values are the same, saying what both are. */
export function mustBe(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

/** Awaits a webhook at Alice's endpoint and tells of it. */
export function aliceHears<T extends EventType>(
  { tell, alice }: Pick<Scene, 'tell' | 'alice'>,
  event: T,
  jobId: string | null,
): Promise<WebhookOf<T>> {
  return step(`webhook ${event} to ${alice.name}`, async () => {
    const webhook = await alice.receiver.next(event, jobId);
    const data = Object.entries(webhook.data as Record<string, unknown>)
      .filter(([name]) => !name.endsWith('agent_id') && name !== 'by' && name !== 'accepted_by')
      .map(([name, value]) => `${name} ${String(value)}`);
    tell.heard(alice.name, event, data.join(', '));
    return webhook;
  });
}
