import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anchor } from './write-once.ts';

/** A directory as an anchor. Writes are atomic: to a temporary file, which is then linked under the object's name. */
export function openDirectory(path: string): Anchor {
  const read: Anchor['read'] = async (name) => {
    try {
      return await readFile(join(path, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
  return {
    read,
    putIfAbsent: async (name, bytes) => {
      await mkdir(path, { recursive: true });
      const draft = join(path, `.${randomUUID()}`);
      try {
        await writeDurably(draft, bytes);
        await link(draft, join(path, name));
        return 'kept';
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return (await read(name))?.equals(bytes) === true ? 'same' : 'different';
      } finally {
        await rm(draft, { force: true });
      }
    },
  };
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
