export { deactivateAgent } from './agents/deactivate-agent.ts';
export { proveKey } from './agents/prove-key.ts';
export { type Registration, registerAgent } from './agents/register-agent.ts';
export { rotateKey } from './agents/rotate-key.ts';
export { rotateWebhookSecret } from './agents/rotate-webhook-secret.ts';
export { type AgentChange, updateAgent } from './agents/update-agent.ts';
export {
  type CardClaim,
  type CardFinding,
  claimLook,
  recordCard,
} from './cards/record-card.ts';
export { type CardLook, recheckCard } from './cards/request-card.ts';
export {
  type CheckClaim,
  claimCheck,
  giveUpCheck,
  lockLeasedCheck,
  releaseCheck,
} from './checks/claim-check.ts';
export { type CheckRequest, checkKey, createCheck } from './checks/create-check.ts';
export { openCheckHiddenCases, resealChecks } from './checks/keep-checks.ts';
export { type Recorded, recordStep, recordStepError, type StepDone } from './checks/record-step.ts';
export { type Committed, commit, type OperationDeps } from './commit.ts';
export { emit } from './emit.ts';
export { isSuperseded } from './is-superseded.ts';
export { abortJob } from './jobs/abort-job.ts';
export { acceptJob } from './jobs/accept-job.ts';
export { actOnTimer, type TimerResult } from './jobs/act-on-timer.ts';
export { addEvidence } from './jobs/add-evidence.ts';
export { type NegotiatedJob, negotiationFault } from './jobs/append-negotiation.ts';
export { cancelJob } from './jobs/cancel-job.ts';
export { type CounterOffer, counterJob } from './jobs/counter-job.ts';
export { completeJob, disputeJob, failJob } from './jobs/decide-job.ts';
export { deliverJob } from './jobs/deliver-job.ts';
export { fundJob } from './jobs/fund-job.ts';
export { openHiddenCases, openSealedCases, resealHiddenCases } from './jobs/hidden-cases.ts';
export {
  OPEN_PROPOSALS_MAX,
  OPEN_PROPOSALS_TO_SELLER_MAX,
  type Proposal,
  proposeJob,
} from './jobs/propose-job.ts';
export { extendDeadline, resolveDispute } from './jobs/resolve-dispute.ts';
export { acceptSettlement, offerSettlement, SETTLEMENT_OFFERS_MAX } from './jobs/settle-by-agreement.ts';
export { settlementFields } from './jobs/settle-job.ts';
export { settleVerification, verdictKey, withoutTexts } from './jobs/settle-verification.ts';
export { startJob } from './jobs/start-job.ts';
export { takesAction } from './jobs/timed-job.ts';
export {
  claimRun,
  type RunClaim,
  recordRunError,
  releaseRun,
} from './jobs/verify-run.ts';
export { createListing, LISTINGS_MAX } from './listings/create-listing.ts';
export { updateListing } from './listings/update-listing.ts';
export { backfillLog } from './log/backfill.ts';
export {
  assertOrigin,
  findLogHalt,
  haltLog,
  keepLog,
  type LogHalt,
  markPublished,
  OtherLogError,
} from './log/keep-log.ts';
export * from './log/openings.ts';
export { type JobLeaf, type JobLeaves, type Opening, readJobLeaves } from './log/read-job-leaves.ts';
export { type LostBatch, recoverLog } from './log/recover-log.ts';
export { type LogSigner, SEQUENCE_BATCH, sequenceLeaves } from './log/sequence-leaves.ts';
export { appendHash, newTree, rootOf } from './log/tree-edge.ts';
export { depositCredits } from './money/deposit-credits.ts';
export { defer, type Op } from './op.ts';
export { reinstateAgent, replaceKey, suspendAgent } from './operators/govern-agent.ts';
export {
  type Moved,
  operatorDeposit,
  operatorWithdraw,
  operatorWithdrawFees,
} from './operators/move-money.ts';
export { recordAudit } from './operators/record-audit.ts';
export { feedKey } from './outbox.ts';
export { closeRecallCase } from './recalls/close-case.ts';
export {
  type Asked,
  closedSubject,
  openRecall,
  recallFields,
  requestRejudgements,
  turnedSubject,
} from './recalls/open-recall.ts';
export {
  claimRejudgement,
  type Rejudged,
  type RejudgementClaim,
  recordRejudgement,
  recordRejudgementError,
  releaseRejudgement,
} from './recalls/rejudge.ts';
export { LEASE_MS, renewLease } from './renew-lease.ts';
export { createReview } from './reviews/create-review.ts';
export { findStanding } from './reviews/recompute-reputation.ts';
export {
  assertStorage,
  chargeStorage,
  readStorageUsage,
  STORAGE_LIMITS,
  type StorageCharge,
  type Writer,
} from './storage/charge-storage.ts';
export { MAINTENANCE, type MaintenanceStep, RUNTIMES_FACT, recordRuntimes } from './sweep/maintenance.ts';
export { addSums, sumLedger } from './sweep/sum-ledger.ts';
export { returnSwept, SWEEP_BATCH, sweepOutbox } from './sweep/sweep-outbox.ts';
export {
  type AttemptOutcome,
  type AttemptReport,
  withoutAnswer,
} from './webhooks/attempt-outcome.ts';
export { type AttemptClaim, claimAtOnce, claimAttempt } from './webhooks/claim-attempt.ts';
export { postponeAttempt, releaseAttempt } from './webhooks/postpone-attempt.ts';
export { type RecordedAttempt, recordAtOnce, recordAttempt } from './webhooks/record-attempt.ts';
export { redeliverWebhook } from './webhooks/redeliver-webhook.ts';
export { type Replay, replayWebhooks } from './webhooks/replay-webhooks.ts';
export { resealSecrets } from './webhooks/reseal-secrets.ts';
export { secretsOfDelivery } from './webhooks/secrets-of-delivery.ts';
export { sendPing } from './webhooks/send-ping.ts';
export { viewDeliveries, viewDelivery } from './webhooks/view-delivery.ts';
export * from './webhooks/webhook-secrets.ts';
