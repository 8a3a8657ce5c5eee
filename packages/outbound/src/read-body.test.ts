import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { MAX_BODY_TEXT_CHARS, readBody } from './read-body.ts';

const read = (chunks: (string | Buffer)[], max = 65_536, encoding = ''): ReturnType<typeof readBody> =>
  readBody(Readable.from(chunks.map((chunk) => Buffer.from(chunk as string))), encoding, max);

describe('the excerpt of a body', () => {
  test('the excerpt of a body is the body, when it is short', async () => {
    expect(await read(['Zo', 'ë\t\n'])).toEqual({ bodyText: 'Zoë\t\n', bodyTruncated: false });
    expect(await read([])).toEqual({ bodyText: '', bodyTruncated: false });
    expect(await read(['x'.repeat(1024)])).toEqual({ bodyText: 'x'.repeat(1024), bodyTruncated: false });
  });

  test('the excerpt of a body is cut at its bound, never inside a character', async () => {
    const { bodyText, bodyTruncated } = await read([`a${'🤖'.repeat(2000)}`]);
    expect(bodyTruncated).toBe(true);
    expect(bodyText).toBe(`a${'🤖'.repeat(511)}`);
    expect(bodyText.length).toBeLessThanOrEqual(MAX_BODY_TEXT_CHARS);
  });

  test('the excerpt of a body puts characters together that arrive in pieces', async () => {
    const bytes = Buffer.from('🤖é');
    expect(await read([...bytes].map((byte) => Buffer.from([byte])))).toEqual({
      bodyText: '🤖é',
      bodyTruncated: false,
    });
  });

  test('the excerpt of a body holds no byte that a log line or a database would choke on', async () => {
    const { bodyText } = await read([Buffer.from(Array.from({ length: 256 }, (_, i) => i))]);
    expect(bodyText.isWellFormed()).toBe(true);
    expect(bodyText).not.toMatch(/[^\P{Cc}\t\n]/u);
  });

  test('the excerpt of a body stops reading soon after the cap', async () => {
    let given = 0;
    const endless = new Readable({
      read() {
        given += 1000;
        this.push(Buffer.alloc(1000, 'x'));
      },
    });
    expect(await readBody(endless, '', 5_000)).toEqual({ bodyText: 'x'.repeat(1024), bodyTruncated: true });
    expect(given).toBeLessThan(200_000);
    expect(endless.destroyed).toBe(true);
  });

  test('the excerpt of an encoded body is empty: it is not inflated', async () => {
    expect(await read(['\u001f'], 10, 'gzip')).toEqual({
      bodyText: '(encoded body, not shown)',
      bodyTruncated: true,
    });
    expect(await read(['text'], 10, 'identity')).toEqual({ bodyText: 'text', bodyTruncated: false });
  });
});
