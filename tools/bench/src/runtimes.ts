import type { StackUnderTest } from './stack-under-test.ts';

/** Every runtime, and the least program that passes. */
const RUNTIMES = [
  { name: 'javascript', source: 'exit(0)' },
  { name: 'python:3', source: 'pass' },
  { name: 'node:24', source: '0' },
  { name: 'bash:5', source: ':' },
] as const;

export interface Runtime {
  readonly name: string;
  /** Of a script that passes, as it stands in a suite. */
  readonly params: { readonly runtime: string; readonly script: string };
}

export interface Runtimes {
  readonly offered: readonly Runtime[];
  readonly skipped: readonly { readonly label: string; readonly reason: string }[];
}

/** Which runtimes the stack's runner has on this machine. */
export async function findRuntimes(stack: StackUnderTest): Promise<Runtimes> {
  const response = await fetch(`${stack.runnerUrl}/ready`);
  const { runtimes = [] } = (await response.json()) as { runtimes?: readonly { name: string }[] };
  const names = new Set(runtimes.map(({ name }) => name));
  const all = RUNTIMES.map(({ name, source }) => ({
    name,
    params: { runtime: name, script: Buffer.from(source).toString('base64') },
  }));
  return {
    offered: all.filter(({ name }) => names.has(name)),
    skipped: all
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => ({ label: name, reason: 'the test-runner does not offer it on this machine' })),
  };
}

/** A suite of one script. */
export const suiteOf = ({ params }: Pick<Runtime, 'params'>) => ({
  version: '1.0',
  tests: [{ test_id: 'passes', type: 'script', params }],
  pass_threshold: 'all',
});
