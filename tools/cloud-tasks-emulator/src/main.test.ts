import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { readCliOptions } from './cli-options.ts';
import { spawnEmulator, whenRunning } from './testing/child.ts';
import { afterTest, createClient, createDataDir } from './testing/harness.ts';

const free = ['--port', '0', '--http-port', '0', '--data', 'memory'];

describe('the program', () => {
  test('the emulator’s --help tells every option and exits 0', async () => {
    const child = spawnEmulator(['--help']);
    expect(await child.ended).toMatchObject({ code: 0 });
    for (const option of ['--port', '--http-port', '--data', '--queues', '--allow-any-target']) {
      expect(child.stdout()).toContain(option);
    }
  });

  test('the emulator starts with one line, serves the queues of the set, and ends at SIGTERM with code 0', async () => {
    const child = spawnEmulator([...free, '--queues', 'staging', '--project', 'p1']);
    const { port, httpUrl } = await whenRunning(child);
    const client = createClient(port);
    const [queues] = await client.listQueues({ parent: 'projects/p1/locations/us-west1' });
    const rates = Object.fromEntries(
      queues.map(({ name, rateLimits }) => [name?.split('/').at(-1), rateLimits?.maxDispatchesPerSecond]),
    );
    expect(rates).toEqual({ 'webhook-delivery': 10, verification: 50, 'job-deadline': 50 });
    expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.stdout().trimEnd().split('\n')).toHaveLength(1);
    expect(child.stderr()).toBe('');
  });

  test('the emulator ends at Ctrl-C with code 0, and its directory is free again', async () => {
    const dataDir = createDataDir();
    for (let round = 0; round < 2; round += 1) {
      const child = spawnEmulator(['--port', '0', '--http-port', '0', '--data', dataDir]);
      await whenRunning(child);
      child.process.kill('SIGINT');
      expect(await child.ended).toEqual({ code: 0, signal: null });
    }
  });

  test.each(['--port', '--http-port'])(
    'a %s that is in use is one clear line and exit code 1',
    async (option) => {
      const holder = createServer();
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
      afterTest(() => holder.close());
      const { port } = holder.address() as AddressInfo;
      const child = spawnEmulator([...free, option, String(port)]);
      expect(await child.ended).toMatchObject({ code: 1 });
      expect(child.stderr()).toBe(
        `cloud-tasks-emulator: Port ${port} is in use; choose another with ${option}\n`,
      );
    },
  );

  test('an option that does not exist is an error with exit code 1', async () => {
    const child = spawnEmulator(['--nonsense']);
    expect(await child.ended).toMatchObject({ code: 1 });
    expect(child.stderr()).toContain("'--nonsense'");
  });
});

describe('options', () => {
  test('options have the defaults of the local stack', () => {
    expect(readCliOptions([], {})).toEqual({
      host: '127.0.0.1',
      port: 8003,
      httpPort: 8004,
      dataDir: '.data/cloud-tasks',
      project: 'agent-registry',
      location: 'us-west1',
      queues: 'local',
      allowAnyTarget: false,
      verbose: false,
    });
  });

  test('options come from the environment too, and the command line wins', () => {
    const env = {
      CLOUD_TASKS_EMULATOR_PORT: '1',
      CLOUD_TASKS_EMULATOR_HTTP_PORT: '2',
      CLOUD_TASKS_EMULATOR_DATA: 'memory',
      CLOUD_TASKS_EMULATOR_ALLOW_ANY_TARGET: 'true',
    };
    expect(readCliOptions(['--port', '3'], env)).toMatchObject({
      port: 3,
      httpPort: 2,
      dataDir: null,
      allowAnyTarget: true,
    });
  });

  test.each([
    ['--port', '70000'],
    ['--port', 'x'],
    ['--queues', 'other'],
  ])('the option %s %s is refused', (option, value) => {
    expect(() => readCliOptions([option, value], {})).toThrow(option);
  });
});
