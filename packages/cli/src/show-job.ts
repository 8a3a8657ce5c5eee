import type { Job } from '@agent-registry/client';
import { inline, jsonBlock, status, time } from './show-values.ts';
import { type Block, type Doc, fields, table } from './terminal/document.ts';

/** A job in a few lines. */
export function jobFields(job: Job): Block {
  return fields({
    job: job.job_id,
    status: status(job.status),
    client: job.client_agent_id,
    seller: job.seller_agent_id,
    price: job.agreed_price,
    'client abort penalty': job.client_abort_penalty,
    'seller bond': job.seller_abort_penalty,
    deadline: time(job.delivery_deadline),
    round: `${job.current_round} of ${job.max_rounds}`,
    'criteria hash': job.acceptance_criteria_hash,
  });
}

/** A job with all that was agreed. */
export function showJob(job: Job): Doc {
  const { suite_proof: proof } = job;
  return [
    jobFields(job),
    ...(proof === null ? [] : [fields({ 'criteria proof': `${proof.proof_id}: ${proof.statement}` })]),
    ...jsonBlock('requirements', job.requirements),
    ...jsonBlock('acceptance criteria', job.acceptance_criteria),
    ...jsonBlock('result', job.result),
    table(job.negotiation_log, 'No offers', {
      ROUND: (step) => step.round,
      STEP: (step) => step.kind,
      BY: (step) => step.by,
      PRICE: (step) =>
        step.client_share === undefined
          ? step.proposed_price
          : `${step.client_share} to the client, ${step.seller_share} to the seller`,
      MESSAGE: (step) => step.message ?? step.evidence?.name,
    }),
  ];
}

export function showJobs(jobs: readonly Job[]): Doc {
  return [
    table(jobs, 'No jobs', {
      JOB: (job) => job.job_id,
      STATUS: (job) => status(job.status),
      PRICE: (job) => job.agreed_price,
      DEADLINE: (job) => time(job.delivery_deadline),
      REQUIREMENTS: (job) => inline(job.requirements),
    }),
  ];
}
