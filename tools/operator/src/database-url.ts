import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The database that a command is to look at: DATABASE_URL, or else that of the stack that runs on STACK_DATA (.data).
 * Throws when there is neither.
 */
export function findDatabaseUrl(): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const file = join(process.env.STACK_DATA ?? '.data', 'stack.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { databaseUrl: string }).databaseUrl;
  } catch (cause) {
    throw new Error(`There is no ${file}: run "npm start" first, or set DATABASE_URL.`, { cause });
  }
}
