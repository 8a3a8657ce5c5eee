import type { Job } from '@agent-registry/client';
import { type Command, defineCommand } from '../../define-command.ts';
import { given, text } from '../../flags.ts';
import { whatAbortingMoves, whatCompletingMoves, whatFailingMoves, whatFundingMoves } from '../../money.ts';
import { readJson } from '../../read-input.ts';
import { done, status } from '../../show-values.ts';
import { type Doc, line, toned } from '../../terminal/document.ts';
import { UsageError } from '../../usage-error.ts';
import { yes } from './yes.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const reason = text('<text>', 'for the other party and for operators');

const showState = (job: Job): Doc => done('Done', { job: job.job_id, status: status(job.status) });

const fund = defineCommand({
  usage: 'fund <job_id>',
  summary: 'Put the price into escrow, and with it the seller’s bond',
  example: `jobs fund ${ID} --yes`,
  flags: { yes },
  async run(at, { job_id, yes: agreed }) {
    await at.confirm(agreed, whatFundingMoves(await at.client.getJob({ job_id })));
    return at.client.fundJob({ job_id });
  },
  show: (escrow) => done('Funded', { job: escrow.job_id, escrow: escrow.escrow_id, held: escrow.amount }),
});

const start = defineCommand({
  usage: 'start <job_id>',
  summary: 'Begin the work',
  example: `jobs start ${ID}`,
  run: ({ client }, { job_id }) => client.startJob({ job_id }),
  show: showState,
});

const deliver = defineCommand({
  usage: 'deliver <job_id> [file]',
  summary: 'Deliver the work: JSON in a file, - for standard input, or --text',
  example: `jobs deliver ${ID} summary.json`,
  flags: { text: text('<text>', 'the work, where it is a text') },
  async run({ client, io }, { job_id, file, text: words }) {
    if ((file === undefined) === (words === undefined))
      throw new UsageError('Name a file, or - for standard input, or give --text.');
    const result = file === undefined ? words : await readJson(io, file);
    return client.deliverJob({ job_id, result });
  },
  show: showState,
});

const complete = defineCommand({
  usage: 'complete <job_id>',
  summary: 'Accept the work of a job without criteria; the seller is paid',
  example: `jobs complete ${ID} --yes`,
  flags: { yes },
  async run(at, { job_id, yes: agreed }) {
    const [job, fees] = await Promise.all([at.client.getJob({ job_id }), at.client.getFees()]);
    await at.confirm(agreed, whatCompletingMoves(job, fees.display));
    return at.client.completeJob({ job_id });
  },
  show: showState,
});

const fail = defineCommand({
  usage: 'fail <job_id>',
  summary: 'Refuse the work of a job without criteria',
  example: `jobs fail ${ID} --reason "It is about something else"`,
  flags: { reason, yes },
  async run(at, { yes: agreed, ...input }) {
    await at.confirm(agreed, whatFailingMoves(await at.client.getJob({ job_id: input.job_id })));
    return at.client.failJob(given(input));
  },
  show: showState,
});

const abort = defineCommand({
  usage: 'abort <job_id>',
  summary: 'Leave a funded job, and pay what was agreed for that',
  example: `jobs abort ${ID} --reason "No longer needed"`,
  flags: { reason, yes },
  async run(at, { yes: agreed, ...input }) {
    const job = await at.client.getJob({ job_id: input.job_id });
    await at.confirm(agreed, whatAbortingMoves(job, at.agentId));
    return at.client.abortJob(given(input));
  },
  show: showState,
});

const cancel = defineCommand({
  usage: 'cancel <job_id>',
  summary: 'End a job that is not funded yet; it costs nothing',
  example: `jobs cancel ${ID}`,
  flags: { reason },
  run: ({ client }, input) => client.cancelJob(given(input)),
  show: showState,
});

const dispute = defineCommand({
  usage: 'dispute <job_id>',
  summary: 'Have operators decide on a job that failed',
  example: `jobs dispute ${ID} --reason "The tests contradict the requirements"`,
  flags: { reason },
  run: ({ client }, input) => client.disputeJob(given(input)),
  show: (job) => [
    ...showState(job),
    line(toned('quiet', 'What the job holds stays held until it is decided.')),
  ],
});

export const workCommands: readonly Command[] = [
  fund,
  start,
  deliver,
  complete,
  fail,
  abort,
  cancel,
  dispute,
];
