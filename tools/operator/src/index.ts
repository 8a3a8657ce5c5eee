export { auditLedger, describeAudit, type LedgerAudit } from './audit-ledger.ts';
export { inspectJob } from './job-story.ts';
export { inspectNegotiation } from './negotiation.ts';
export type { Report } from './report.ts';
export { inspectReputation } from './reputation.ts';
export { inspectScore } from './score.ts';
export { inspectVerdicts } from './verdicts.ts';
