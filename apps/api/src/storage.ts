import {
  assertStorage,
  chargeStorage,
  type Op,
  readStorageUsage,
  type StorageCharge,
  type Writer,
} from '@agent-registry/operations';
import type { Contract, CriteriaCheck, Job, Listing } from '@agent-registry/schemas';
import type { AnyRequest } from './api-request.ts';
import type { SentAnswer } from './middleware/idempotency.ts';

/** What a request leaves behind for as long as its job or its listing is there. */
const KEEPS: Readonly<Record<string, 'job' | 'listing' | 'check'>> = {
  proposeJob: 'job',
  counterJob: 'job',
  deliverJob: 'job',
  offerSettlement: 'job',
  addEvidence: 'job',
  createListing: 'listing',
  updateListing: 'listing',
  checkCriteria: 'check',
};

/** Whether an agent's budget may refuse a request: its contract says so. */
const isRefusable = (contract: Contract): boolean => contract.errors.includes('storage_budget');

/** An agent's account of bytes, or nobody's. */
interface Account {
  /**
   * Does the work of a request on this account.
   *
   * @param keepsAnswer whether the answer is kept under an Idempotency-Key.
   * @throws RegistryError storage_budget.
   */
  charge(keepsAnswer: boolean, work: () => Promise<SentAnswer>): Promise<SentAnswer>;
}

/**
 * The account that a request's bytes go on: they belong to whoever's request wrote them. What operators and strangers write is on
 * nobody's. Asks for what it needs before it returns.
 */
export function openAccount(op: Op, contract: Contract, request: AnyRequest): Account {
  const { caller, bodyBytes } = request;
  if (caller?.kind !== 'agent') return { charge: (_keepsAnswer, work) => work() };
  const writer: Writer = { agentId: caller.agentId, address: request.address };
  const refusable = isRefusable(contract);
  const usage = refusable ? readStorageUsage(op, writer) : null;
  usage?.catch(() => undefined); // A repeated request never asks for it.
  return {
    async charge(keepsAnswer, work) {
      if (usage !== null) await assertStorage(op, writer, await usage, bodyBytes);
      const answer = await work();
      const answerBytes = keepsAnswer ? Buffer.byteLength(answer.json ?? '') : 0;
      chargeStorage(op, writer, { bodyBytes, answerBytes, refusable, ...kept(contract, answer) });
      return answer;
    },
  };
}

function kept(
  contract: Contract,
  { json }: SentAnswer,
): Pick<StorageCharge, 'jobId' | 'listing' | 'checkId'> {
  const keeps = KEEPS[contract.id];
  if (keeps === undefined || json === null) return {};
  const answered = JSON.parse(json) as Job | Listing | CriteriaCheck;
  if ('check_id' in answered) return { checkId: answered.check_id };
  if ('job_id' in answered) return { jobId: answered.job_id };
  const bytes = answered.status === 'archived' ? 0 : Buffer.byteLength(json);
  return { listing: { id: answered.listing_id, bytes } };
}
