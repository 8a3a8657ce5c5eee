import { criteriaHash } from '@agent-registry/client';
import { type Command, defineCommand } from '../../define-command.ts';
import { given, number, required, text } from '../../flags.ts';
import { parseJson, readJsonIfGiven } from '../../read-input.ts';
import { jobFields, showJob } from '../../show-job.ts';
import { done, status } from '../../show-values.ts';
import { fields, line, toned } from '../../terminal/document.ts';
import { UsageError } from '../../usage-error.ts';
import { yes } from './yes.ts';

const penalties = {
  client_abort_penalty: text('<credits>', 'what the client pays for leaving once it is funded'),
  seller_abort_penalty: text('<credits>', 'the bond that the seller forfeits for leaving or not delivering'),
};

const propose = defineCommand({
  usage: 'propose <seller_agent_id>',
  summary: 'Propose a job to a seller',
  example:
    'jobs propose 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --max-budget 12.50 --task "Sum it up" --criteria suite.json',
  flags: {
    max_budget: required('<credits>', 'the price offered'),
    listing_id: text('<id>', 'the listing that it begins with'),
    task: text('<text>', 'what is to be done, in words'),
    requirements: text('<file>', 'what is to be done, as JSON; - is standard input'),
    criteria: text('<file>', 'the acceptance criteria, as JSON; without them the client decides'),
    hidden_cases: text('<file>', 'the hidden cases that the criteria promise, as JSON'),
    suite_proof_id: text('<id>', 'the proof_id of criteria check'),
    ...penalties,
    delivery_deadline: text('<time>', 'until when work is taken, such as 2026-12-31T12:00:00Z'),
    max_rounds: number('<n>', 'offers that the negotiation may take', { min: 1, max: 20 }),
  },
  async run({ client, io }, { task, requirements, criteria, hidden_cases, ...input }) {
    if (task !== undefined && requirements !== undefined)
      throw new UsageError('--task and --requirements say the same: give one.');
    const job = {
      ...input,
      requirements: task ?? (await readJsonIfGiven(io, requirements)),
      acceptance_criteria: (await readJsonIfGiven(io, criteria)) as object | undefined,
      hidden_cases: await readJsonIfGiven(io, hidden_cases),
    };
    return client.proposeJob(given(job));
  },
  show: (job) => [...done('Proposed', {}), jobFields(job)],
});

const counter = defineCommand({
  usage: 'counter <job_id>',
  summary: 'Answer an offer with another one',
  example: 'jobs counter 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --price 15.00 --message "It is long"',
  flags: {
    price: required('<credits>', 'the price offered'),
    ...penalties,
    terms: text('<json>', 'terms offered'),
    message: text('<text>', 'for the other party'),
  },
  run: ({ client }, { price, terms, ...input }) =>
    client.counterJob(
      given({
        ...input,
        proposed_price: price,
        counter_terms: terms === undefined ? undefined : parseJson(terms, '--terms'),
      }),
    ),
  show: (job) => [...done('Offered', {}), jobFields(job)],
});

const accept = defineCommand({
  usage: 'accept <job_id>',
  summary: 'Accept the offer on the table, by the hash of the criteria that were read',
  example: 'jobs accept 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  flags: { yes },
  async run(at, { job_id, yes: agreed }) {
    const job = await at.client.getJob({ job_id });
    const criteria = job.acceptance_criteria ?? null;
    const hash = criteria === null ? null : criteriaHash(criteria);
    if (hash !== job.acceptance_criteria_hash)
      throw new UsageError(
        `The registry names ${job.acceptance_criteria_hash ?? 'no hash'}, but the criteria that it shows have ${hash ?? 'none'}: nothing was accepted.`,
      );
    await at.confirm(agreed, [line(toned('strong', 'You accept:')), ...showJob(job)]);
    const { current_round } = job;
    return at.client.acceptJob({ job_id, current_round, acceptance_criteria_hash: hash });
  },
  show: (job) => [
    ...done('Accepted', {}),
    fields({
      job: job.job_id,
      status: status(job.status),
      price: job.agreed_price,
      'criteria hash': job.acceptance_criteria_hash ?? 'none: the client decides',
    }),
  ],
});

export const negotiateCommands: readonly Command[] = [propose, counter, accept];
