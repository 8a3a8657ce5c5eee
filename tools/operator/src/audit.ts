// `npm run audit`: recomputes every balance from the postings and the transparency log from its leaves; exits 1 on any difference.
import { parseArgs } from 'node:util';
import { auditLedger, describeAudit } from './audit-ledger.ts';
import { findDatabaseUrl } from './database-url.ts';

const help = `Recomputes every balance from the postings, and the transparency log from what happened: npm run audit [-- --data <dir>]

It only reads. The database is that of the local stack that runs on <dir>; or else DATABASE_URL, or that of the stack on STACK_DATA (.data).
Exit code: 0 balanced, 1 any difference, 2 the command could not run.
`;

async function audit(dataDir: string | undefined): Promise<number> {
  try {
    const found = await auditLedger(findDatabaseUrl(dataDir));
    process.stdout.write(`${describeAudit(found)}\n`);
    return found.faults.length === 0 ? 0 : 1;
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const hint = code === 'ECONNREFUSED' ? ' Is the stack running ("npm start")?' : '';
    process.stderr.write(`The audit failed: ${message || code}${hint}\n`);
    return 2;
  }
}

function readOptions(): { help?: boolean; data?: string } | null {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' }, data: { type: 'string' } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}\n\n${help}`);
    return null;
  }
}

const options = readOptions();
if (options?.help === true) process.stdout.write(help);
else process.exitCode = options === null ? 2 : await audit(options.data);
