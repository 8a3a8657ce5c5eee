import { isAbsolute } from 'node:path';
import { openBucket } from './bucket.ts';
import { openDirectory } from './directory.ts';
import type { Anchor } from './write-once.ts';

/** @param address `gs://<bucket>/<prefix>`, or the absolute path of a directory, which is created if missing. */
export function openAnchor(address: string): Anchor {
  const [, bucket, prefix] = /^gs:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  if (bucket !== undefined) return openBucket(bucket, prefix ?? '');
  if (!isAbsolute(address)) throw new TypeError('an anchor is gs://<bucket>/<prefix> or an absolute path');
  return openDirectory(address);
}
