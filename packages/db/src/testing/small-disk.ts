import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A disk in memory that holds one database. */
export interface SmallDisk {
  fill(): void;
  /** Makes room again. */
  empty(): void;
  /** To be called when the database is dropped, or has moved elsewhere. */
  remove(): Promise<void>;
}

const SIZE = '64m';
const CHUNK = Buffer.alloc(64 * 1024);
const run = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** Why there can be no such disk here; null where there can. */
export function whyNoSmallDisk(): string | null {
  return run('unshare', '-m', 'true') ? null : 'only an account that may mount can have a full disk';
}

/** Moves a database that nobody is connected to onto a disk of 64 MiB. `serverUrl` is the superuser's. */
export async function moveToSmallDisk(serverUrl: string, database: string): Promise<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path)) throw new Error('no disk mounted');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  const name = `small_${path.slice(-6).toLowerCase()}`;
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  const { uid, gid } = statSync(rows[0]!.data_directory);
  chownSync(path, uid, gid);
  await client.query(`CREATE TABLESPACE "${name}" LOCATION '${path}'`);
  await client.query(`ALTER DATABASE ${database} SET TABLESPACE "${name}"`);
  const ballast = openSync(join(path, 'ballast'), 'w');
  return {
    fill: () => {
      try {
        for (;;) writeSync(ballast, CHUNK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    empty: () => ftruncateSync(ballast),
    remove: async () => {
      closeSync(ballast);
      await client.query(`DROP TABLESPACE "${name}"`);
      await client.end();
      run('umount', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
