import { describe, expect, test } from '@jest/globals';
import { createCrew } from './crew.ts';
import type { Exit } from './launch-process.ts';
import type { Part } from './supervise.ts';

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

describe('a crew', () => {
  test('ends its groups in the order opposite to their start', async () => {
    const diary: string[] = [];
    const crew = createCrew(silent, () => '');
    await crew.start(paperPart('postgres', diary), paperPart('redis', diary));
    await crew.start(paperPart('api', diary));
    await crew.stop();
    expect(diary).toEqual(['+postgres', '+redis', '+api', '-api', '-postgres', '-redis']);
  });

  test('says which parts failed, and their last words', async () => {
    const failing: Part = {
      ...paperPart('api', []),
      launch: () => Promise.reject(new Error('no such program')),
    };
    const crew = createCrew(silent, (part) => `${part} said why`);
    await expect(crew.start(paperPart('redis', []), failing)).rejects.toThrow(
      /^api no such program\napi said why$/,
    );
    await crew.stop();
  });

  test('that is stopped while it starts leaves nothing running and starts nothing more', async () => {
    const diary: string[] = [];
    const crew = createCrew(silent, () => '');
    const starting = crew.start(paperPart('postgres', diary, () => false));
    await crew.stop();
    await expect(starting).rejects.toThrow('postgres');
    await expect(crew.start(paperPart('api', diary))).rejects.toThrow('stopped');
    expect(diary).toEqual(['+postgres', '-postgres']);
  });
});
