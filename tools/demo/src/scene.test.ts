import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { play } from './play.ts';
import { mustBe, StepFailed, step } from './scene.ts';
import { createNarrator } from './tell.ts';

test('the innermost step that failed is the one that is named', async () => {
  const failing = step('the job', () => step('the funding', () => Promise.reject(new Error('no money'))));
  await expect(failing).rejects.toThrow(StepFailed);
  await expect(failing).rejects.toThrow('the funding: no money');
});

test('what is not as it must be is told with both values', () => {
  mustBe('the balance', ['1.00', null], ['1.00', null]);
  expect(() => mustBe('the balance', '1.00', '2.00')).toThrow('the balance is "1.00", not "2.00"');
});

test('a registry that does not answer ends the story at its first step', async () => {
  const stack = { apiUrl: 'http://127.0.0.1:1', database: { url: () => '' } };
  await expect(play(stack, createNarrator(new PassThrough()))).rejects.toThrow(
    /^the platform fee: GET .* no answer/,
  );
});
