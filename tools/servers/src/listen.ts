import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Has a server listen on loopback, on a free port unless one is given: its address, and what closes it with its connections. */
export async function listen(
  server: Server,
  port = 0,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
