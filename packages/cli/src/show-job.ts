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
  const steps = job.negotiation_log.map((step) => [
    String(step.round),
    step.kind,
    step.by,
    step.client_share === undefined
      ? step.proposed_price
      : `${step.client_share} to the client, ${step.seller_share} to the seller`,
    step.message ?? step.evidence?.name ?? '',
  ]);
  return [
    jobFields(job),
    ...(proof === null ? [] : [fields({ 'criteria proof': `${proof.proof_id}: ${proof.statement}` })]),
    ...jsonBlock('requirements', job.requirements),
    ...jsonBlock('acceptance criteria', job.acceptance_criteria),
    ...jsonBlock('result', job.result),
    table(['ROUND', 'STEP', 'BY', 'PRICE', 'MESSAGE'], steps, 'No offers'),
  ];
}

export function showJobs(jobs: readonly Job[]): Doc {
  const rows = jobs.map((job) => [
    job.job_id,
    status(job.status),
    job.agreed_price,
    time(job.delivery_deadline) ?? '',
    inline(job.requirements) ?? '',
  ]);
  return [table(['JOB', 'STATUS', 'PRICE', 'DEADLINE', 'REQUIREMENTS'], rows, 'No jobs')];
}
