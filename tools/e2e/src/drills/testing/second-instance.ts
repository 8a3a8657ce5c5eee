import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithThisProcess } from '@agent-registry/servers';
import type { Stack } from '@agent-registry/stack';

const main = fileURLToPath(new URL('../../../../../apps/api/src/main.ts', import.meta.url));
const GRACE_SECONDS = 12;

export interface SecondInstance {
  readonly url: string;
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Another instance of a stack's api, with the same environment but for what is named, on a free port. */
export async function startSecondApi(stack: Stack, env: Record<string, string>): Promise<SecondInstance> {
  const first = `/proc/${stack.pid('api')}`;
  const variables = readFileSync(`${first}/environ`, 'utf8').split('\0').filter(Boolean);
  const same = variables.map((variable) => {
    const at = variable.indexOf('=');
    return [variable.slice(0, at), variable.slice(at + 1)] as const;
  });
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { ...Object.fromEntries(same), PORT: '0', ...env },
    cwd: readlinkSync(`${first}/cwd`),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const url = /listening on (http:[^"]+)/.exec(line)?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  const exited = once(child, 'exit');
  void exited.then(() => listening.reject(new Error(`the second api ended:\n${lines.join('\n')}`)));
  const watch = endWithThisProcess(child.pid!, { signal: 'TERM', graceSeconds: GRACE_SECONDS });
  return {
    url: await listening.promise,
    lines,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      watch.release();
    },
  };
}
