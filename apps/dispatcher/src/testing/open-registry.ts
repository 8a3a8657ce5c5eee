import { afterAll } from '@jest/globals';
import { type StandInRunner, startStandInRunner } from './stand-in-runner.ts';
import { type Registry, type RegistryOptions, startRegistry } from './start-registry.ts';

/** A registry for all tests of one file, stopped after the last. `tasks` is what happens to tasks at first. */
export async function openRegistry({
  tasks = 'real',
  ...options
}: RegistryOptions & { tasks?: Registry['tasks']['mode'] } = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  registry.tasks.mode = tasks;
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });
  return registry;
}

/** A stand-in for the test-runner, for all tests of one file. */
export async function openRunner(): Promise<StandInRunner> {
  const runner = await startStandInRunner();
  afterAll(() => runner.close());
  return runner;
}
