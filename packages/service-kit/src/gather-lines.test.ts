import { expect, test } from '@jest/globals';
import { gatherLines } from './gather-lines.ts';
import { createLogger } from './logger.ts';

/** A log that gathers, what it has written, and its process's exit. */
function gathering() {
  const written: string[] = [];
  let exit = (): void => undefined;
  let tellWritten = (): void => undefined;
  const firstWrite = new Promise<void>((resolve) => {
    tellWritten = resolve;
  });
  const destination = gatherLines({
    write: (text) => {
      written.push(text);
      tellWritten();
    },
    onExit: (flush) => {
      exit = flush;
    },
  });
  const messages = () =>
    written.map((text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: string }).message),
    );
  return {
    log: createLogger({ service: 'test', level: 'info', destination }),
    messages,
    firstWrite,
    exit: () => exit(),
  };
}

test('lines that follow one another are written at once, in their order', async () => {
  const { log, messages, firstWrite } = gathering();
  log.info('a');
  log.warn('b');
  expect(messages()).toEqual([]);
  await firstWrite;
  expect(messages()).toEqual([['a', 'b']]);
});

test('an error is written immediately, with what was logged before it', () => {
  const { log, messages } = gathering();
  log.info('before');
  log.error('broken');
  expect(messages()).toEqual([['before', 'broken']]);
});

test('what waits is written when the process exits, once', () => {
  const { log, messages, exit } = gathering();
  log.info('the last');
  exit();
  exit();
  expect(messages()).toEqual([['the last']]);
});

test('a line does not wait behind more than 64 Ki characters', () => {
  const { log, messages } = gathering();
  log.info({ filler: 'x'.repeat(70_000) }, 'long');
  expect(messages()).toEqual([['long']]);
});
