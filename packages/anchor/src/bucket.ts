import { type ApiError, type File, Storage } from '@google-cloud/storage';
import type { Anchor } from './write-once.ts';

const PRECONDITION_FAILED = 412;
const NOT_FOUND = 404;
/** An anchor that does not answer keeps the log waiting, and the sweep has other things to do. */
const TIMEOUT_MS = 5_000;

/** A bucket of Google Cloud Storage as an anchor, by the service's own account. */
export function openBucket(bucket: string, prefix: string): Anchor {
  const storage = new Storage({
    timeout: TIMEOUT_MS,
    retryOptions: { totalTimeout: 2 * (TIMEOUT_MS / 1_000) },
  });
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
