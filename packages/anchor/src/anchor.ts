import { isAbsolute } from 'node:path';
import { openBucket } from './bucket.ts';
import { openDirectory } from './directory.ts';

/** `kept`: the object is new. `same`: it was there with these bytes. `different`: it was there with others, and stays. */
export type Anchored = 'kept' | 'same' | 'different';

/** Objects outside of the database that are written once: by them a log that was set back is noticed. */
export interface Anchor {
  /** Writes an object unless there is one of that name. @throws whatever the storage fails of. */
  putIfAbsent(name: string, bytes: Uint8Array): Promise<Anchored>;
  /** Null where there is none. */
  read(name: string): Promise<Buffer | null>;
}

/** @param address `gs://<bucket>/<prefix>` or an absolute path of a directory, which is made when it is not there. */
export function openAnchor(address: string): Anchor {
  const [, bucket, prefix] = /^gs:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  if (bucket !== undefined) return openBucket(bucket, prefix ?? '');
  if (!isAbsolute(address)) throw new TypeError('an anchor is gs://<bucket>/<prefix> or an absolute path');
  return openDirectory(address);
}
