import { createHash } from 'node:crypto';
import { type ApiError, type File, Storage } from '@google-cloud/storage';
import type { Anchor } from './write-once.ts';

const PRECONDITION_FAILED = 412;
const NOT_FOUND = 404;
/** Timeout of one request: the sweep waits for it, and has other work. */
const TIMEOUT_MS = 5_000;

/** A bucket of Google Cloud Storage as an anchor, with the service's own credentials. */
export function openBucket(bucket: string, prefix: string): Anchor {
  // No retry here: the sweep retries, and the client would pipe a stream that has ended.
  const storage = new Storage({ timeout: TIMEOUT_MS, retryOptions: { autoRetry: false } });
  const fileOf = (name: string): File =>
    storage.bucket(bucket).file(prefix === '' ? name : `${prefix}/${name}`);
  const read: Anchor['read'] = async (name) => {
    try {
      const [bytes] = await fileOf(name).download();
      return bytes;
    } catch (error) {
      if (codeOf(error) === NOT_FOUND) return null;
      throw error;
    }
  };
  return {
    read,
    putIfAbsent: async (name, bytes) => {
      try {
        // Generation 0: only where there is no such object.
        await fileOf(name).save(Buffer.from(bytes), {
          resumable: false,
          preconditionOpts: { ifGenerationMatch: 0 },
          contentType: 'application/octet-stream',
          // The storage compares; the client would delete what it finds damaged, and nothing here may be deleted.
          metadata: { md5Hash: createHash('md5').update(bytes).digest('base64') },
          validation: false,
        });
        return 'kept';
      } catch (error) {
        if (codeOf(error) !== PRECONDITION_FAILED) throw error;
        return (await read(name))?.equals(bytes) === true ? 'same' : 'different';
      }
    },
  };
}

function codeOf(error: unknown): unknown {
  return (error as Partial<ApiError> | null)?.code;
}
