import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { assertPortsFree, findFreePorts, portsOfInstances } from './ports.ts';
import { portNames } from './services.ts';

describe('the ports', () => {
  test('the ports that are found free are all different', async () => {
    const ports = await findFreePorts();
    expect(new Set(Object.values(ports)).size).toBe(portNames.length);
    await assertPortsFree(ports, portNames);
  });

  test.each([true, false])(
    'each instance has an api and a dispatcher of its own, and shares the other parts (free ports: %s)',
    async (free) => {
      const first = await findFreePorts();
      const [one, two, three] = await portsOfInstances(first, 3, free);
      expect(one).toEqual(first);
      const own = [one!, two!, three!].flatMap(({ api, dispatcher }) => [api, dispatcher]);
      expect(new Set(own).size).toBe(6);
      for (const { api: _, dispatcher: __, ...shared } of [two!, three!]) expect(first).toMatchObject(shared);
    },
  );

  test('ports that other programs have are named with their services and the way out, all at once', async () => {
    const ports = await findFreePorts();
    const others = await Promise.all(
      [ports.dispatcher, ports['token-issuer']].map(async (port) => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
        return server;
      }),
    );
    try {
      await expect(assertPortsFree(ports, portNames)).rejects.toThrow(
        [
          `Port ${ports.dispatcher}, wanted for dispatcher, is taken by another program: stop that, or set STACK_DISPATCHER_PORT or --dispatcher-port.`,
          `Port ${ports['token-issuer']}, wanted for token-issuer, is taken by another program: stop that, or set STACK_TOKEN_ISSUER_PORT or --token-issuer-port.`,
        ].join('\n'),
      );
    } finally {
      for (const server of others) server.close();
    }
  });
});
