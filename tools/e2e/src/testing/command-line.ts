import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stack } from '@agent-registry/stack';
import { afterAll } from '@jest/globals';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = fileURLToPath(new URL('../../../../node_modules/.bin/', import.meta.url));

/** The command `agent-registry` as processes of their own, with profiles in a directory that is removed after the last test. */
export function useCommandLine(stack: Stack) {
  const directory = mkdtempSync(join(tmpdir(), 'agent-registry-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const environment = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
    NODE_COMPILE_CACHE: join(directory, 'compiled'),
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    HOME: directory,
    XDG_CONFIG_HOME: join(directory, 'config'),
    AGENT_REGISTRY_URL: stack.apiUrl,
    ...more,
  });
  const run = (words: readonly string[], more?: Record<string, string>, input = ''): Promise<Ended> =>
    new Promise((resolve) => {
      const child = execFile(
        `${bin}agent-registry`,
        [...words],
        { env: environment(more) },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  /** Runs a command for a profile that must succeed; its JSON. */
  const json = async <T = Record<string, unknown>>(
    profile: string,
    ...words: readonly string[]
  ): Promise<T> => {
    const { code, stdout, stderr } = await run([...words, '--profile', profile, '--json']);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };
  const fileOf = (name: string, value: unknown): string => {
    const file = join(directory, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  /** Registers an agent of that name; its id. */
  const register = async (profile: string): Promise<string> => {
    const { agent } = await json<{ agent: { agent_id: string } }>(profile, 'register', profile);
    return agent.agent_id;
  };
  return { bin, directory, environment, fileOf, json, register, run };
}
