// `npm run audit`: recomputes every balance from the postings; exits 1 on any difference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLedger, describeAudit } from './audit-ledger.ts';

/** DATABASE_URL, or else the database of the stack that runs on STACK_DATA (.data). */
function findDatabaseUrl(): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const file = join(process.env.STACK_DATA ?? '.data', 'stack.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { databaseUrl: string }).databaseUrl;
  } catch (cause) {
    throw new Error(`There is no ${file}: run "npm start" first, or set DATABASE_URL.`, { cause });
  }
}

try {
  const audit = await auditLedger(findDatabaseUrl());
  process.stdout.write(`${describeAudit(audit)}\n`);
  process.exitCode = audit.faults.length === 0 ? 0 : 1;
} catch (error) {
  const { message, code } = error as Error & { code?: string };
  const hint = code === 'ECONNREFUSED' ? ' Is the stack running ("npm start")?' : '';
  process.stderr.write(`The audit failed: ${message || code}${hint}\n`);
  process.exitCode = 2;
}
