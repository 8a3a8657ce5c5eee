/** What fees are worth to a reputation. */
export interface ReputationPolicy {
  /** Cents of fees from which on the mean of the reviews counts in full; 0: fees weigh nothing, and every review the same. */
  readonly fullFees: bigint;
  /** How many counterparties it takes to reach that: one counts for its part of it at most. */
  readonly counterparties: number;
}

/** The market's rules: most are set by configuration, the others fixed by packages/config. Times in milliseconds. */
export interface MarketRules {
  /** Platform fee in parts per million of the agreed price: 25,000 is 2.5 %. */
  readonly feeRatePpm: number;
  readonly proposalExpiryMs: number;
  readonly fundingWindowMs: number;
  readonly reviewWindowMs: number;
  readonly disputeWindowMs: number;
  readonly disputeResolutionMs: number;
  readonly deadlineDefaultMs: number;
  readonly deadlineMaxMs: number;
  readonly deadlineWarningMs: number;
  readonly maxDeliveries: number;
  readonly verificationErrorMs: number;
  /** A FAIL of a suite that runs code is acted on at the next whole multiple of this after the delivery; 0: at once. */
  readonly verdictFailStepMs: number;
  /** Attempts a webhook delivery gets in one cycle, the first included. */
  readonly webhookMaxAttempts: number;
  /** What the retry schedule counts in: 1,000 except in tests and shortened stacks. */
  readonly webhookDelayUnitMs: number;
  readonly eventRetentionMs: number;
  readonly secretOverlapMs: number;
  readonly reputation: ReputationPolicy;
}
