import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';

const fixture = fileURLToPath(new URL('./testing/slow-service.ts', import.meta.url));
let child: ChildProcess;
afterEach(() => {
  child.kill('SIGKILL');
});

/** Starts the fixture: `say(text)` resolves at the first line that holds the text. */
const start = (env: Record<string, string> = {}) => {
  child = spawn(process.execPath, [fixture], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  const seen: string[] = [];
  const waiting = new Map<string, (line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream! }).on('line', (line) => {
      seen.push(line);
      for (const [text, resolve] of waiting) if (line.includes(text)) resolve(line);
    });
  }
  const say = (text: string): Promise<string> => {
    const already = seen.find((line) => line.includes(text));
    return already !== undefined
      ? Promise.resolve(already)
      : new Promise((resolve) => waiting.set(text, resolve));
  };
  return { exit, say, seen };
};

const urlOf = (line: string): string => /http:[^" ]+/.exec(line)?.[0] ?? '';

test('SIGTERM drops unused connections, lets the request in progress finish, runs the hook and exits 0', async () => {
  const service = start();
  const url = urlOf(await service.say('listening'));
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  await once(idle, 'connect');
  const answer = fetch(`${url}/wait`);
  await service.say('request arrived');
  child.kill('SIGTERM');
  await service.say('stopping was told');
  await expect(fetch(url)).rejects.toThrow();
  await expect(answer.then((response) => response.text())).resolves.toBe('finished');
  expect(await service.exit).toEqual([0, null]);
  expect(service.seen.some((line) => line.includes('hook ran'))).toBe(true);
  expect(service.seen.some((line) => line.includes('cut off'))).toBe(false);
});

test('a request that does not finish is cut off after the grace, and the hook still runs', async () => {
  const service = start({ GRACE_MS: '50' });
  const url = urlOf(await service.say('listening'));
  const answer = fetch(`${url}/never`);
  await service.say('request arrived');
  child.kill('SIGTERM');
  await expect(answer).rejects.toThrow();
  expect(await service.exit).toEqual([0, null]);
});

test('a Ctrl-C that arrives twice at once is one; a hook that fails exits 1', async () => {
  const service = start({ HOOK: 'fail' });
  await service.say('listening');
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await service.exit).toEqual([1, null]);
  await service.say('the shutdown hook failed');
});

test('a Ctrl-C pressed again does not wait for requests', async () => {
  const service = start();
  const url = urlOf(await service.say('listening'));
  const answer = fetch(`${url}/never`);
  await service.say('request arrived');
  const presses = setInterval(() => child.kill('SIGINT'), 50);
  await expect(answer).rejects.toThrow();
  expect(await service.exit).toEqual([130, null]);
  clearInterval(presses);
});

test('a port in use is one plain sentence and exit 1', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  const service = start({ PORT: String(port) });
  expect(await service.exit).toEqual([1, null]);
  expect(service.seen).toEqual([
    `Port ${port} on 127.0.0.1 is taken by another program: stop it, or set PORT.`,
  ]);
  blocker.close();
});
