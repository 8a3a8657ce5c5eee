import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address behind which another server may come to answer, as behind a managed Redis. */
export interface Switch {
  /** Leads to this port of the loopback from now on, and cuts what led elsewhere. Resolves to its own port. */
  to(port: number): Promise<number>;
  close(): void;
}

export async function startSwitch(): Promise<Switch> {
  let target = 0;
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(into);
      from.on('error', () => undefined);
      from.once('close', () => {
        open.delete(from);
        into.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    async to(port) {
      target = port;
      cut();
      return (server.address() as AddressInfo).port;
    },
    close() {
      server.close();
      cut();
    },
  };
}
