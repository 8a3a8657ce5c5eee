import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessSpec } from '../launch-process.ts';

// Serves /ready, and ends as it is asked to: a tiny service in the place of a real one.
const program = `
  const { createServer } = require('node:http');
  const child = process.env.WITH_CHILD ? require('node:child_process').spawn('sleep', ['1000']) : null;
  if (process.env.FAILS) { console.error('the reason why'); process.exit(3); }
  if (process.env.STUBBORN) process.on('SIGTERM', () => undefined);
  createServer((_request, response) => response.end('ready')).listen(Number(process.env.PORT), '127.0.0.1', () => {
    console.log(JSON.stringify({ message: 'listening', child: child?.pid }));
  });
`;

/** A stand-in for a service that listens on `port`. `env` may say FAILS, STUBBORN or WITH_CHILD. */
export function standIn(name: string, port: number, env: Record<string, string> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['--eval', program],
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    cwd: '/',
  };
}

/** Whether a stand-in answers. */
export async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ready`);
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

const supervisor = `
  const { createSupervisor, launchProcess, openPidFiles, standIn, answers } = await import(process.env.SUPERVISOR);
  const pidFiles = openPidFiles(process.env.RUN_DIR);
  const port = Number(process.env.PORT);
  const supervisor = createSupervisor(() => undefined, () => '');
  const listening = Promise.withResolvers();
  const part = {
    name: 'service', url: '',
    launch: () => launchProcess(standIn('service', port, { WITH_CHILD: '1' }), pidFiles, (line) => listening.resolve(JSON.parse(line))),
    isReady: () => answers(port),
  };
  await supervisor.start(part); // By now it is watched, and known to the supervisor: its line may have come before.
  const { child } = await listening.promise;
  console.log(JSON.stringify({ pid: supervisor.find('service').pid(), child }));
`;

/** How to run a supervisor of one stand-in (with a child of its own) in a process that a test may kill. */
export function supervisorProcess(runDir: string, port: number) {
  return {
    command: process.execPath,
    args: ['--input-type=module', '--eval', supervisor],
    env: {
      PATH: process.env.PATH,
      RUN_DIR: runDir,
      PORT: String(port),
      SUPERVISOR: join(fileURLToPath(new URL('.', import.meta.url)), 'supervisor.ts'),
    },
  };
}
