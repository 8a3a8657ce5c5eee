import type { Endpoint } from './endpoint.ts';
import { deleteAgent } from './endpoints/agents/delete-agent.ts';
import { getAgent } from './endpoints/agents/get-agent.ts';
import { getAgentStatus } from './endpoints/agents/get-agent-status.ts';
import { registerAgent } from './endpoints/agents/register-agent.ts';
import { rotateKey } from './endpoints/agents/rotate-key.ts';
import { updateAgent } from './endpoints/agents/update-agent.ts';
import { checkCriteria } from './endpoints/criteria/check-criteria.ts';
import { getCriteriaCheck } from './endpoints/criteria/get-criteria-check.ts';
import { abortJob } from './endpoints/jobs/abort-job.ts';
import { acceptJob } from './endpoints/jobs/accept-job.ts';
import { cancelJob } from './endpoints/jobs/cancel-job.ts';
import { completeJob } from './endpoints/jobs/complete-job.ts';
import { counterJob } from './endpoints/jobs/counter-job.ts';
import { deliverJob } from './endpoints/jobs/deliver-job.ts';
import { disputeJob } from './endpoints/jobs/dispute-job.ts';
import { failJob } from './endpoints/jobs/fail-job.ts';
import { fundJob } from './endpoints/jobs/fund-job.ts';
import { getJob } from './endpoints/jobs/get-job.ts';
import { listJobEvents } from './endpoints/jobs/list-job-events.ts';
import { listJobs } from './endpoints/jobs/list-jobs.ts';
import { listVerifications } from './endpoints/jobs/list-verifications.ts';
import { proposeJob } from './endpoints/jobs/propose-job.ts';
import { startJob } from './endpoints/jobs/start-job.ts';
import { verifyJob } from './endpoints/jobs/verify-job.ts';
import { createListing } from './endpoints/listings/create-listing.ts';
import { discover } from './endpoints/listings/discover.ts';
import { getListing } from './endpoints/listings/get-listing.ts';
import { listAgentListings } from './endpoints/listings/list-agent-listings.ts';
import { listListings } from './endpoints/listings/list-listings.ts';
import { updateListing } from './endpoints/listings/update-listing.ts';
import { depositCredits } from './endpoints/money/deposit-credits.ts';
import { getBalance } from './endpoints/money/get-balance.ts';
import { listTransactions } from './endpoints/money/list-transactions.ts';
import { extendJobDeadline, resolveJob } from './endpoints/operators/decide-job.ts';
import { reinstate, replaceLostKey, suspend } from './endpoints/operators/govern-agent.ts';
import { listAudit } from './endpoints/operators/list-audit.ts';
import { listFailedDeliveries } from './endpoints/operators/list-failed-deliveries.ts';
import { listWaitingJobs } from './endpoints/operators/list-waiting-jobs.ts';
import { depositForAgent, withdrawFees, withdrawForAgent } from './endpoints/operators/move-money.ts';
import { replayDelivery } from './endpoints/operators/replay-delivery.ts';
import { getFees } from './endpoints/platform/get-fees.ts';
import { createReview } from './endpoints/reviews/create-review.ts';
import { getReputation } from './endpoints/reviews/get-reputation.ts';
import { listAgentReviews } from './endpoints/reviews/list-agent-reviews.ts';
import { listJobReviews } from './endpoints/reviews/list-job-reviews.ts';
import { listWebhooks } from './endpoints/webhooks/list-webhooks.ts';
import { redeliverWebhook } from './endpoints/webhooks/redeliver-webhook.ts';
import { replayWebhooks } from './endpoints/webhooks/replay-webhooks.ts';
import { rotateWebhookSecret } from './endpoints/webhooks/rotate-webhook-secret.ts';
import { testWebhook } from './endpoints/webhooks/test-webhook.ts';

/** The whole API. Paths, methods, access and rate categories stand in the contracts. */
export const routes: readonly Endpoint[] = [
  registerAgent,
  getAgent,
  updateAgent,
  deleteAgent,
  rotateKey,
  getAgentStatus,

  getBalance,
  listTransactions,
  depositCredits,

  listAgentListings,
  createListing,
  listListings,
  getListing,
  updateListing,
  discover,

  proposeJob,
  listJobs,
  getJob,
  counterJob,
  acceptJob,
  cancelJob,
  fundJob,
  startJob,
  deliverJob,
  verifyJob,
  listVerifications,
  completeJob,
  failJob,
  abortJob,
  disputeJob,
  listJobEvents,

  checkCriteria,
  getCriteriaCheck,

  createReview,
  listJobReviews,
  listAgentReviews,
  getReputation,

  listWebhooks,
  redeliverWebhook,
  replayWebhooks,
  testWebhook,
  rotateWebhookSecret,

  getFees,

  depositForAgent,
  withdrawForAgent,
  withdrawFees,
  suspend,
  reinstate,
  replaceLostKey,
  extendJobDeadline,
  resolveJob,
  listWaitingJobs,
  listFailedDeliveries,
  replayDelivery,
  listAudit,
];
