import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAgenda, type Step } from './agenda.ts';

const AGENTS = ['a', 'b', 'c', 'd'];
const steps = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 6 }).map((ms) => new Date(ms)),
      keys: fc.option(fc.subarray(AGENTS, { minLength: 1, maxLength: 2 }), { freq: 8 }),
      inOrder: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((all) => all.map((step, index): Step => ({ ...step, name: `${index}`.padStart(2, '0') })));
const choices = fc.array(fc.nat(), { minLength: 200, maxLength: 200 });

const isBefore = (a: Step, b: Step): boolean =>
  +a.at < +b.at || (a.at.getTime() === b.at.getTime() && a.name < b.name);
const share = (a: Step, b: Step): boolean =>
  a.keys === null || b.keys === null || a.keys.some((key) => b.keys!.includes(key));

test('of steps in any order of ending, those that share a key run one by one in the order of their times, those in order begin once all before them have ended, and each runs', () => {
  fc.assert(
    fc.property(steps, choices, (all, endings) => {
      const agenda = createAgenda<Step>();
      for (const step of all) agenda.put(step);
      const running: Step[] = [];
      const ended = new Set<Step>();
      const begun: Step[] = [];
      for (const ending of endings) {
        for (let step = agenda.take(); step !== undefined; step = agenda.take()) {
          const unfinished = all.filter((other) => other !== step && !ended.has(other));
          const before = unfinished.filter((other) => isBefore(other, step!));
          expect(before.filter((other) => step!.inOrder || share(step!, other))).toEqual([]);
          expect(running.filter((other) => share(step!, other))).toEqual([]);
          running.push(step);
          begun.push(step);
        }
        if (running.length === 0) break;
        const [step] = running.splice(ending % running.length, 1);
        agenda.end(step!);
        ended.add(step!);
      }
      expect(new Set(begun)).toEqual(new Set(all));
    }),
  );
});

test('steps that share nothing run at once', () => {
  const agenda = createAgenda<Step>();
  const step = (ms: number, key: string): Step => ({
    at: new Date(ms),
    name: key,
    keys: [key],
    inOrder: false,
  });
  for (const [index, key] of AGENTS.entries()) agenda.put(step(AGENTS.length - index, key));
  const names = AGENTS.map(() => agenda.take()?.name);
  expect(names).toEqual(['d', 'c', 'b', 'a']);
});
