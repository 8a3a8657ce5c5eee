import { countLedger, createDb, findLedgerFaults, type LedgerFinding } from '@agent-registry/db';
import { findLogFaults } from './audit-log.ts';

export interface LedgerAudit {
  /** What is wrong; empty when the ledger is sound. */
  readonly faults: readonly LedgerFinding[];
  /** Counts, and sums in cents. */
  readonly counts: Awaited<ReturnType<typeof countLedger>>;
}

/** Recomputes every balance of a database from its postings. Reads only; any role that may read the ledger will do. */
export async function auditLedger(databaseUrl: string): Promise<LedgerAudit> {
  const db = createDb({ url: databaseUrl, poolMax: 1, applicationName: 'audit' });
  try {
    const faults = [...(await findLedgerFaults(db)), ...(await findLogFaults(db))];
    return { faults, counts: await countLedger(db) };
  } finally {
    await db.destroy();
  }
}

function credits(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The audit in a few lines for people. */
export function describeAudit({ faults, counts }: LedgerAudit): string {
  const sums =
    `${counts.accounts} accounts, ${counts.transfers} transfers, ${counts.postings} postings: ` +
    `agents have ${credits(counts.agents)}, jobs hold ${credits(counts.held)}, fees ${credits(counts.fees)}, ` +
    `paid in ${credits(counts.minted)}`;
  if (faults.length === 0) return `The ledger is balanced. ${sums}.`;
  const lines = faults.map(({ rule, subject, detail }) => `  ${rule}: ${subject} (${detail})`);
  return `The ledger is NOT balanced, ${faults.length} faults:\n${lines.join('\n')}\n${sums}.`;
}
