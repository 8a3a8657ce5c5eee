import {
  applyPendingKeys,
  countSearchTerms,
  deleteExpiredIdempotencyKeys,
  deleteExpiredNonces,
  deleteOldBytes,
  deleteOldCounts,
  deleteOldDeliveries,
  deleteUnusedTerms,
  dropExpiredSecrets,
  listDueReputations,
  mergeFeeSums,
  putDeploymentFact,
  recordCellShares,
} from '@agent-registry/db';
import { hourOf, reputationFormula } from '@agent-registry/domain';
import { type RuntimeInfo, storableTexts } from '@agent-registry/schemas';
import { logKey } from '../agents/register-agent.ts';
import { forgetChecks } from '../checks/keep-checks.ts';
import type { Op } from '../op.ts';
import { recomputeReputation } from '../reviews/recompute-reputation.ts';
import { recordFigures } from './record-figures.ts';
import { sumLedger } from './sum-ledger.ts';

/** Rows that one step touches in one transaction. */
const MAINTENANCE_BATCH = 500;
/** Standings are dearer: each reads an agent's reviews. */
const REPUTATION_BATCH = 50;
/** Every change leaves one or two, so there are more of them than of anything else. */
const NONCE_BATCH = 5_000;
/** Each may be as large as a request. */
const CHECK_BATCH = 50;

/** For so long a term that no listing has is kept, since a change that brings it may be under way: longer than any transaction. */
const UNUSED_TERM_MS = 600_000;

export type MaintenanceStep = (op: Op) => Promise<number>;

/** What the sweep does beside the outbox, each a transaction of its own that touches a bounded number of rows. */
export const MAINTENANCE = {
  nonces: (op) => deleteExpiredNonces(op.trx, op.now, NONCE_BATCH),
  idempotency_keys: (op) => deleteExpiredIdempotencyKeys(op.trx, op.now, MAINTENANCE_BATCH),
  deliveries: (op) =>
    deleteOldDeliveries(op.trx, new Date(op.now.getTime() - op.rules.eventRetentionMs), MAINTENANCE_BATCH),
  bytes: (op) => deleteOldBytes(op.trx, { hour: hourOf(op.now), now: op.now }, MAINTENANCE_BATCH),
  counts: (op) => deleteOldCounts(op.trx, hourOf(op.now), MAINTENANCE_BATCH),
  secrets: (op) => dropExpiredSecrets(op.trx, op.now, MAINTENANCE_BATCH),
  checks: (op) => forgetChecks(op, CHECK_BATCH),
  keys: applyKeys,
  fees: (op) => mergeFeeSums(op.trx, MAINTENANCE_BATCH),
  search_changes: (op) => countSearchTerms(op.trx, op.now, MAINTENANCE_BATCH),
  search_terms: (op) =>
    deleteUnusedTerms(op.trx, new Date(op.now.getTime() - UNUSED_TERM_MS), MAINTENANCE_BATCH),
  cell_shares: (op) => recordCellShares(op.trx, op.now).then(() => 0),
  reputations: recomputeDue,
  figures: recordFigures,
  ledger_sums: sumLedger,
} as const satisfies Readonly<Record<string, MaintenanceStep>>;

async function applyKeys(op: Op): Promise<number> {
  const applied = await applyPendingKeys(op.trx, op.now, MAINTENANCE_BATCH);
  for (const { agent_id: agentId, key, previous } of applied)
    logKey(op, { agentId, key, previous, reason: 'replaced' });
  return applied.length;
}

async function recomputeDue(op: Op): Promise<number> {
  const formula = reputationFormula(op.rules.reputation);
  const agentIds = await listDueReputations(op.trx, { now: op.now, formula }, REPUTATION_BATCH);
  // In the order of their ids, so that two sweeps never wait for each other in a circle.
  for (const agentId of agentIds.toSorted()) await recomputeReputation(op, agentId);
  return agentIds.length;
}

/** The name of the row from which the API reads what runtimes the test-runner offers. */
export const RUNTIMES_FACT = 'runtimes';
const RUNTIME_CHARS_MAX = 200;

/** Keeps what the test-runner's /ready says of its runtimes, for the API to read. */
export async function recordRuntimes(op: Op, runtimes: readonly RuntimeInfo[]): Promise<void> {
  await putDeploymentFact(op.trx, RUNTIMES_FACT, storableTexts(runtimes, RUNTIME_CHARS_MAX), op.now);
}
