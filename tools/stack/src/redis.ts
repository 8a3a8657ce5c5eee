import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ProcessSpec } from './launch-process.ts';

const pingTimeoutMs = 2_000;

/** A Redis on loopback that keeps its data; its settings go by standard input, so no list of processes shows the password. */
export function redisSpec(options: {
  dataDir: string;
  port: number;
  password: string;
  env: NodeJS.ProcessEnv;
}): ProcessSpec {
  const directory = join(options.dataDir, 'redis');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const input = [
    `port ${options.port}`,
    'bind 127.0.0.1',
    `requirepass ${options.password}`,
    'appendonly yes',
    'save ""',
    'dir .',
    'loglevel warning',
    '',
  ].join('\n');
  return { name: 'redis', command: 'redis-server', args: ['-'], env: options.env, cwd: directory, input };
}

/** Whether Redis answers a PING with PONG, which it does only once its data is loaded. */
export function isRedisReady(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const finish = () => {
      socket.destroy();
      resolve(answer.includes('+PONG'));
    };
    socket.setTimeout(pingTimeoutMs, finish);
    socket.once('error', finish);
    socket.once('close', finish);
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.split('\r\n').length > 2) finish();
    });
  });
}
