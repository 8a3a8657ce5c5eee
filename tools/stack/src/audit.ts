// `npm run audit`: recomputes every balance from the postings; exits 1 on any difference.
import { auditLedger, describeAudit } from './audit-ledger.ts';
import { findDatabaseUrl } from './database-url.ts';

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
