// One emulator per data directory. A listening socket is the lock, because a killed process cannot leave one behind.
import { createHash } from 'node:crypto';
import { mkdirSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Unix socket paths end at 104 to 108 bytes, by platform. */
const MAX_SOCKET_PATH = 100;

const socketPath = (dataDir: string): string => {
  const inside = join(resolve(dataDir), 'lock.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) return inside;
  const digest = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join(tmpdir(), `cloud-tasks-emulator-${digest}.sock`);
};

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });

const listen = (path: string): Promise<() => Promise<void>> =>
  new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', fail);
    server.listen(path, () => {
      server.unref();
      done(() => new Promise((closed) => server.close(() => closed())));
    });
  });

/** Takes the directory for this process; the returned function gives it back. Throws when another has it. */
export const lockDataDir = async (dataDir: string): Promise<() => Promise<void>> => {
  mkdirSync(dataDir, { recursive: true });
  const path = socketPath(dataDir);
  try {
    return await listen(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  if (await isAnswered(path)) throw new Error(`The data directory ${dataDir} is in use by another emulator`);
  unlinkSync(path);
  return listen(path);
};
