import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The database that a command is to look at: that of the stack that runs on `dataDir`, if one is named; or else DATABASE_URL, or that of the
 * stack on STACK_DATA (.data). Throws when there is none.
 */
export function findDatabaseUrl(dataDir?: string): string {
  if (dataDir === undefined && process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const file = join(dataDir ?? process.env.STACK_DATA ?? '.data', 'stack.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { databaseUrl: string }).databaseUrl;
  } catch (cause) {
    throw new Error(`There is no ${file}: run "npm start" first, or set DATABASE_URL.`, { cause });
  }
}
