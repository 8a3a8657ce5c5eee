import { describe, expect, test } from '@jest/globals';
import type { Exit } from './launch-process.ts';
import type { Part } from './supervise.ts';
import { createSupervisor } from './supervisor.ts';

/** A part that is no process: it writes what happens to it. */
function paperPart(name: string, diary: string[], isReady: () => boolean = () => true): Part {
  const launch = async () => {
    diary.push(`+${name}`);
    const exited = Promise.withResolvers<Exit>();
    const stop = async () => {
      if (diary.includes(`-${name}`)) return;
      diary.push(`-${name}`);
      exited.resolve({ code: 0, signal: null });
    };
    return { pid: 1, exited: exited.promise, stop };
  };
  return { name, url: '', launch, isReady: async () => isReady() };
}

const silent = () => undefined;

describe('a supervisor', () => {
  test('a supervisor ends its groups in the order opposite to their start', async () => {
    const diary: string[] = [];
    const supervisor = createSupervisor(silent, () => '');
    await supervisor.start(paperPart('postgres', diary), paperPart('redis', diary));
    await supervisor.start(paperPart('api', diary));
    await supervisor.stop();
    expect(diary).toEqual(['+postgres', '+redis', '+api', '-api', '-postgres', '-redis']);
  });

  test('a supervisor says which parts failed, and their last lines', async () => {
    const failing: Part = {
      ...paperPart('api', []),
      launch: () => Promise.reject(new Error('no such program')),
    };
    const supervisor = createSupervisor(silent, (part) => `${part} said why`);
    await expect(supervisor.start(paperPart('redis', []), failing)).rejects.toThrow(
      /^api no such program\napi said why$/,
    );
    await supervisor.stop();
  });

  test('a supervisor that is stopped while it starts leaves nothing running and starts nothing more', async () => {
    const diary: string[] = [];
    const supervisor = createSupervisor(silent, () => '');
    const starting = supervisor.start(paperPart('postgres', diary, () => false));
    await supervisor.stop();
    await expect(starting).rejects.toThrow('postgres');
    await expect(supervisor.start(paperPart('api', diary))).rejects.toThrow('stopped');
    expect(diary).toEqual(['+postgres', '-postgres']);
  });
});
