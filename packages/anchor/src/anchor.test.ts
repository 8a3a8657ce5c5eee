import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAnchor } from './anchor.ts';
import { type BucketServer, startBucketServer } from './testing/bucket-server.ts';

let directory: string;
let server: BucketServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anchor-'));
  server = await startBucketServer();
  process.env.STORAGE_EMULATOR_HOST = server.url;
});
afterAll(async () => {
  delete process.env.STORAGE_EMULATOR_HOST;
  await server.close();
  await rm(directory, { recursive: true });
});

describe.each([
  ['a directory', () => join(directory, 'new', 'one')],
  ['a bucket', () => 'gs://anchors/log'],
  ['a whole bucket', () => 'gs://whole'],
])('%s as an anchor', (_kind, address) => {
  const name = '0000000000000042';

  test('an anchor keeps an object of any bytes, and gives them back', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(await openAnchor(address()).putIfAbsent('bytes', bytes)).toBe('kept');
    expect(await openAnchor(address()).read('bytes')).toEqual(bytes);
  });

  test('an anchor has nothing under a name that was never written', async () => {
    expect(await openAnchor(address()).read('never')).toBeNull();
  });

  test('an anchor never overwrites an object, and tells the same bytes from others', async () => {
    const anchor = openAnchor(address());
    expect(await anchor.putIfAbsent(name, Buffer.from('first'))).toBe('kept');
    expect(await anchor.putIfAbsent(name, Buffer.from('first'))).toBe('same');
    expect(await anchor.putIfAbsent(name, Buffer.from('second'))).toBe('different');
    expect(await anchor.read(name)).toEqual(Buffer.from('first'));
  });

  test('an anchor keeps one of ten objects that are written under one name at the same time', async () => {
    const anchor = openAnchor(address());
    const writes = Array.from({ length: 10 }, (_, index) =>
      anchor.putIfAbsent('race', Buffer.from(`writer ${index}`)),
    );
    const outcomes = await Promise.all(writes);
    expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'different')).toHaveLength(9);
    expect(await anchor.read('race')).toEqual(Buffer.from(`writer ${outcomes.indexOf('kept')}`));
  });
});

test('a directory holds no drafts of what was written', async () => {
  const path = join(directory, 'drafts');
  await openAnchor(path).putIfAbsent('a', Buffer.from('1'));
  await openAnchor(path).putIfAbsent('a', Buffer.from('2'));
  expect(await readdir(path)).toEqual(['a']);
});

test('objects of a bucket stand under the prefix of its address', async () => {
  await openAnchor('gs://prefixed/a/b').putIfAbsent('c', Buffer.from('1'));
  expect(server.names('prefixed')).toEqual(['a/b/c']);
});

test.each([403, 500, 503])(
  'an anchor whose storage answers %d fails, and says nothing of the object',
  async (status) => {
    const anchor = openAnchor('gs://failing');
    server.answerWith(status);
    try {
      await expect(anchor.putIfAbsent('a', Buffer.from('1'))).rejects.toMatchObject({ code: status });
      await expect(anchor.read('a')).rejects.toMatchObject({ code: status });
    } finally {
      server.answerWith(null);
    }
    expect(await anchor.read('a')).toBeNull();
  },
);

test('an address that is neither a bucket nor an absolute path is refused', () => {
  expect(() => openAnchor('anchors')).toThrow('an anchor is gs://<bucket>/<prefix> or an absolute path');
  expect(() => openAnchor('s3://bucket')).toThrow(TypeError);
});
