import { findAgent } from '@agent-registry/db';
import { commit, resealSecrets, rotateWebhookSecret, secretsInForce } from '@agent-registry/operations';
import { createSealer, verifyWebhook } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { startProgram } from '../testing/run-program.ts';
import { environment, type Machine, SIGNING_KEY } from '../testing/start-registry.ts';
import { createWebhookBench } from '../testing/webhook-bench.ts';

const HOUR = 3_600_000;
const NEW_KEY = 'the next signing key for tests and as long as the first';
const registry = await openRegistry({ tasks: 'lose' });
const bench = createWebhookBench(() => registry);

/** Sends one event and says which of the secrets each header family verifies with. */
async function verifiesWith(
  agentId: string,
  secrets: readonly string[],
  behaviour: 'ok' | 'server-error' = 'ok',
) {
  const stranger = await bench.receiver();
  await registry.setAgent(agentId, { endpoint_url: stranger.url(behaviour) });
  const [spec] = await registry.event(agentId);
  await registry.dispatch(spec!);
  if (behaviour !== 'ok') await registry.dispatch({ ...spec!, body: { ...spec!.body, attempt: 2 } });
  const nowSeconds = registry.clock.now().getTime() / 1_000;
  return stranger.requests.map(({ headers, body }) => {
    const older = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !name.startsWith('webhook-')),
    );
    const valid = (some: Record<string, string>) =>
      secrets.map((secret) => verifyWebhook({ headers: some, body, secrets: [secret], nowSeconds }).valid);
    return { standard: valid({ ...headers }), older: valid(older) };
  });
}

describe('a rotated webhook secret', () => {
  test('a rotated webhook secret signs beside the old one for 24 hours, and alone afterwards', async () => {
    const { agentId, secret: before } = await registry.newAgent('http://127.0.0.1:9/');
    const { value } = await registry.run((op) => rotateWebhookSecret(op, { agentId }));
    const secrets = [value.webhookSecret, before];
    expect(await verifiesWith(agentId, secrets)).toEqual([{ standard: [true, true], older: [true, false] }]);
    registry.clock.advance(24 * HOUR - 1);
    expect(await verifiesWith(agentId, secrets)).toEqual([{ standard: [true, true], older: [true, false] }]);
    registry.clock.advance(1);
    expect(await verifiesWith(agentId, secrets)).toEqual([{ standard: [true, false], older: [true, false] }]);
  });

  test('during the overlap the older header, with room for one, takes turns from attempt to attempt', async () => {
    const { agentId, secret: before } = await registry.newAgent('http://127.0.0.1:9/');
    const { value } = await registry.run((op) => rotateWebhookSecret(op, { agentId }));
    const attempts = await verifiesWith(agentId, [value.webhookSecret, before], 'server-error');
    expect(attempts.map(({ older }) => older)).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('a task made before the rotation is signed with what was valid when it was made', async () => {
    const stranger = await bench.receiver();
    const { agentId, secret } = await registry.newAgent(stranger.url('ok'));
    const [spec] = await registry.event(agentId);
    await registry.run((op) => rotateWebhookSecret(op, { agentId }));
    await registry.dispatch(spec!);
    expect(bench.isSigned(stranger, secret)).toBe(true);
  });
});

describe('PLATFORM_SIGNING_KEY', () => {
  const key = (current: string, ...accepted: string[]) => ({
    env: { PLATFORM_SIGNING_KEY: current, PLATFORM_SIGNING_KEYS_ACCEPTED: accepted.join(',') },
  });

  test('PLATFORM_SIGNING_KEY is replaced with tasks in flight and both versions running: everything arrives, signed right', async () => {
    const preparing = await registry.start(key(SIGNING_KEY, NEW_KEY));
    const switched = await registry.start(key(NEW_KEY, SIGNING_KEY));
    const both = createSealer({ currentKey: NEW_KEY, acceptedKeys: [SIGNING_KEY] });
    for (const [api, machine] of [
      [registry.deps, switched],
      [registry.deps, preparing],
      [{ ...registry.deps, sealer: both }, switched],
      [{ ...registry.deps, sealer: both }, preparing],
    ] as const) {
      expect(await deliversFrom(api.sealer, machine)).toBe(true);
    }
  });

  test('the command seals every agent’s secrets anew; then the old key can go', async () => {
    const { agentId, secret } = await registry.newAgent('http://127.0.0.1:9/');
    const { value: rotated } = await registry.run((op) => rotateWebhookSecret(op, { agentId }));
    const reseal = async () => {
      const program = startProgram('reseal-secrets.ts', {
        ...environment(registry.emulator, registry.database, registry.first.url),
        TEST_RUNNER_URL: 'http://127.0.0.1:9',
        ...key(NEW_KEY, SIGNING_KEY).env,
      });
      expect(await program.exited).toEqual([0, null]);
      return Number(/^(\d+) agents/m.exec(program.output())?.[1]);
    };
    expect(await reseal()).toBeGreaterThan(0);
    const agent = (await findAgent(registry.database.db, agentId))!;
    const alone = createSealer({ currentKey: NEW_KEY });
    expect(secretsInForce(agent, alone, registry.clock.now())).toEqual([rotated.webhookSecret, secret]);
    expect(await reseal()).toBe(0);
  });

  test('a task that outlived the key it was sealed with is signed from the agent’s row', async () => {
    const stranger = await bench.receiver();
    const sealer = createSealer({ currentKey: NEW_KEY });
    const { agentId, secret } = await registry.newAgent(stranger.url('ok'));
    const [spec] = await registry.event(agentId);
    const deps = {
      ...registry.deps,
      sealer: createSealer({ currentKey: NEW_KEY, acceptedKeys: [SIGNING_KEY] }),
    };
    await commit(deps, (op) => resealSecrets(op, { after: null }));
    const machine = await registry.start(key(NEW_KEY));
    expect(await registry.dispatch(spec!, machine)).toMatchObject({ body: { outcome: 'delivered' } });
    expect(bench.isSigned(stranger, secret)).toBe(true);
    expect(sealer.keyId).toBe(machine.context.sealer.keyId);
  });

  test('a task whose secret nobody can open is given back and sent again, never sent unsigned', async () => {
    const stranger = await bench.receiver();
    const { agentId } = await registry.newAgent(stranger.url('ok'));
    await registry.setAgent(agentId, {
      webhook_secret: createSealer({ currentKey: SIGNING_KEY }).seal('x', 'another context'),
    });
    const machine = await registry.start(key('a third key which opens none of what was sealed before'));
    const parcel = await parcelWithout(agentId);
    expect(await registry.dispatch(parcel, machine)).toEqual({ status: 500, body: { outcome: 'no_secret' } });
    expect(stranger.requests).toHaveLength(0);
  });
});

/** An event recorded by services that seal with this sealer, delivered by this machine: whether it verifies. */
async function deliversFrom(sealer: ReturnType<typeof createSealer>, machine: Machine): Promise<boolean> {
  const stranger = await bench.receiver();
  const { agentId, secret } = await registry.newAgent(stranger.url('ok'));
  const [made] = await registry.event(agentId);
  const list = JSON.stringify([secret]);
  const sealed = sealer.seal(list, `webhook-task:${String(made!.body.delivery_id)}`);
  await registry.dispatch({ ...made!, body: { ...made!.body, webhook_secret: sealed } }, machine);
  return bench.isSigned(stranger, secret);
}

/** A task for an event of an agent whose secret does not open: made by hand, for no service could make it. */
async function parcelWithout(agentId: string) {
  const { agentId: other } = await registry.newAgent('http://127.0.0.1:9/');
  const [model] = await registry.event(other);
  const { delivery_id } = model!.body;
  const { endpoint_url } = (await findAgent(registry.database.db, agentId))!;
  await registry.database.db
    .updateTable('webhook_deliveries')
    .set({ agent_id: agentId })
    .where('delivery_id', '=', String(delivery_id))
    .execute();
  return { ...model!, body: { ...model!.body, target_url: endpoint_url } };
}
