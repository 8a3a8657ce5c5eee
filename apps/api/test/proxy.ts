import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address behind which a server may go away, as in an outage, or another one come to answer, as behind a managed Redis. */
export interface TcpProxy {
  readonly port: number;
  /** Leads to this server from now on, and cuts what led elsewhere. */
  lead(to: Target): void;
  /** Cuts every connection, and every new one at once, until it leads somewhere again. */
  cut(): void;
  close(): Promise<void>;
}

interface Target {
  readonly host?: string;
  readonly port: number;
}

export async function startProxy(): Promise<TcpProxy> {
  let target: Target | null = null;
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    if (target === null) {
      near.destroy();
      return;
    }
    const far = connect(target.port, target.host ?? '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket)).on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lead(to) {
      target = to;
      cut();
    },
    cut() {
      target = null;
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
