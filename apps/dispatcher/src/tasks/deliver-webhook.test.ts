import { sendPing } from '@agent-registry/operations';
import { type HostileReceiver, startHostileReceiver } from '@agent-registry/outbound/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type Registry, startRegistry } from '../testing/start-registry.ts';

let registry: Registry;
let receiver: HostileReceiver;

beforeAll(async () => {
  receiver = await startHostileReceiver({ dripMs: 20 });
  registry = await startRegistry({ exchangeMs: 300 });
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await receiver.close();
});

describe('an attempt', () => {
  test('that the agent answers 2xx is delivered, signed for both header families, and 200 to Cloud Tasks', async () => {
    const { agentId, secret } = await registry.newAgent(receiver.url('ok'));
    const { specs } = await registry.run((op) => sendPing(op, { agentId }));
    expect(specs).toHaveLength(1);
    const answer = await registry.dispatch(specs[0]!);
    expect(answer).toEqual({ status: 200, body: { outcome: 'delivered' } });
    const [request] = receiver.requests.slice(-1);
    expect(JSON.parse(request!.body.toString())).toMatchObject({ event: 'ping', job_id: null, data: {} });
    expect(request!.headers['webhook-id']).toBe(specs[0]!.body.delivery_id);
    // The library insists on the machine's own clock.
    expect(() => new Webhook(secret).verify(request!.body, { ...request!.headers })).toThrow('too old');
  });
});
