import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bait } from './attack.ts';

/** Lays out what the attacks aim at. */
export async function layBait(): Promise<{ bait: Bait; remove: () => void }> {
  const home = mkdtempSync(join(tmpdir(), 'agent-registry-bait-'));
  chmodSync(home, 0o777);
  const file = join(home, 'secret');
  writeFileSync(file, 'a secret of the host', { mode: 0o644 });
  const socket = join(home, 'socket');
  const abstract = `agent-registry-bait-${process.pid}`;
  const servers: Server[] = [];
  const listen = async (options: ListenOptions) => {
    const server = createServer((connection) => connection.on('error', () => undefined).end());
    servers.push(server.listen(options));
    await once(server, 'listening');
    return server;
  };
  const tcp = await listen({ host: '127.0.0.1', port: 0 });
  await listen({ path: socket });
  chmodSync(socket, 0o777);
  await listen({ path: `\0${abstract}` });
  return {
    bait: {
      file,
      directory: home,
      port: (tcp.address() as AddressInfo).port,
      socket,
      abstract,
      runnerPid: process.pid,
    },
    remove() {
      for (const server of servers) {
        server.close();
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}
