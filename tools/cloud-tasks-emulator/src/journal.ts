// The journal: one JSON line per thing that happened, rewritten as a snapshot when it has grown.
//
// Fsync policy: a line is handed to the kernel before the call that caused it is answered, so a kill -9 of the
// emulator loses nothing; the file is fsynced once a second while it changes, at every snapshot and at a clean stop,
// so a power cut loses at most about a second.
import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { applyRecord, createStore, type JournalRecord, type Store, snapshotRecords } from './store.ts';

const FILE = 'journal.jsonl';
const FSYNC_EVERY_MS = 1000;
const CHUNK_BYTES = 1 << 20;
/** A journal shorter than this is never rewritten; beyond it, one twice as long as its last snapshot is. */
const COMPACT_MIN_BYTES = 8 << 20;
const COMPACT_GROWTH = 2;

export interface Journal {
  readonly bytes: number;
  /** Writes one line, or throws (disk full) leaving the journal as it was. */
  append(record: JournalRecord): void;
  /** Rewrites the journal as a snapshot when it has grown enough. Call it when the store reflects every line. */
  compactIfGrown(store: Store, nowMs: number): void;
  readonly close: () => void;
}

const writeAll = (fd: number, data: Buffer, position: number): void => {
  for (let done = 0; done < data.length; ) {
    done += writeSync(fd, data, done, data.length - done, position + done);
  }
};

function* readLines(fd: number): Generator<{ line: string; terminated: boolean }> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let parts: Buffer[] = [];
  for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1 && end < read; end = chunk.indexOf(10, start)) {
      parts.push(Buffer.from(chunk.subarray(start, end)));
      yield { line: Buffer.concat(parts).toString(), terminated: true };
      parts = [];
      start = end + 1;
    }
    if (start < read) parts.push(Buffer.from(chunk.subarray(start, read)));
  }
  if (parts.length > 0) yield { line: Buffer.concat(parts).toString(), terminated: false };
}

/** Rebuilds the store. The last line may be torn by a kill -9 and is then left out; any other damage is an error. */
const replay = (path: string): Store => {
  const store = createStore();
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return store;
    throw error;
  }
  try {
    let number = 0;
    for (const { line, terminated } of readLines(fd)) {
      number += 1;
      if (!terminated) break;
      try {
        applyRecord(store, JSON.parse(line) as JournalRecord);
      } catch {
        throw new Error(
          `Line ${number} of ${path} is damaged. Move the file away to start with empty queues.`,
        );
      }
    }
  } finally {
    closeSync(fd);
  }
  return store;
};

const syncDirectory = (dataDir: string): void => {
  const fd = openSync(dataDir, 'r');
  fsyncSync(fd);
  closeSync(fd);
};

/** Writes a snapshot beside the journal and puts it in its place; returns the new file, open at its end. */
const writeSnapshot = (dataDir: string, store: Store, nowMs: number): { fd: number; bytes: number } => {
  const path = join(dataDir, FILE);
  const fd = openSync(`${path}.new`, 'w', 0o600);
  try {
    let bytes = 0;
    let lines: string[] = [];
    let characters = 0;
    const flush = () => {
      const data = Buffer.from(lines.join(''));
      writeAll(fd, data, bytes);
      bytes += data.length;
      lines = [];
      characters = 0;
    };
    for (const record of snapshotRecords(store, nowMs)) {
      const line = `${JSON.stringify(record)}\n`;
      lines.push(line);
      characters += line.length;
      if (characters >= CHUNK_BYTES) flush();
    }
    flush();
    fsyncSync(fd);
    renameSync(`${path}.new`, path);
    syncDirectory(dataDir);
    return { fd, bytes };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** Opens (or begins) the journal of a directory and rebuilds the state that it tells. */
export const openJournal = (dataDir: string, nowMs: number, compactMinBytes = COMPACT_MIN_BYTES) => {
  mkdirSync(dataDir, { recursive: true });
  const store = replay(join(dataDir, FILE));
  let { fd, bytes } = writeSnapshot(dataDir, store, nowMs);
  let snapshotBytes = bytes;
  let dirty = false;
  const timer = setInterval(() => {
    if (!dirty) return;
    dirty = false;
    // A failed fsync shows again at the next snapshot, which is synchronous and throws.
    fdatasync(fd, () => {});
  }, FSYNC_EVERY_MS);
  timer.unref();
  const journal: Journal = {
    get bytes() {
      return bytes;
    },
    append: (record) => {
      const data = Buffer.from(`${JSON.stringify(record)}\n`);
      try {
        writeAll(fd, data, bytes);
      } catch (error) {
        ftruncateSync(fd, bytes);
        throw error;
      }
      bytes += data.length;
      dirty = true;
    },
    compactIfGrown: (current, at) => {
      if (bytes < Math.max(compactMinBytes, COMPACT_GROWTH * snapshotBytes)) return;
      const previous = fd;
      ({ fd, bytes } = writeSnapshot(dataDir, current, at));
      snapshotBytes = bytes;
      closeSync(previous);
    },
    close: () => {
      clearInterval(timer);
      fsyncSync(fd);
      closeSync(fd);
    },
  };
  return { journal, store };
};

/** A journal that keeps nothing, for tests and for `dataDir: null`. */
export const memoryJournal = (): { journal: Journal; store: Store } => ({
  journal: { bytes: 0, append: () => {}, compactIfGrown: () => {}, close: () => {} },
  store: createStore(),
});
