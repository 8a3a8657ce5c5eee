import { type Command, defineCommand, type Group } from '../define-command.ts';
import { given, oneOf, required, text } from '../flags.ts';
import { jobFields, showJobs } from '../show-job.ts';
import { done, inline, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { type Doc, fields, line, table, toned } from '../terminal/document.ts';
import { jobStatuses } from './jobs/job-statuses.ts';
import { yes } from './jobs/yes.ts';
import { operatorRecalls } from './operator-recalls.ts';
import { operatorViews } from './operator-views.ts';
import { showDeliveries } from './webhooks.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const reference = required('<text>', 'your own reference: what bears it happens once');
const note = required('<text>', 'why, for the audit trail');

const showTransfer = (moved: {
  transfer_id: string;
  reference: string;
  amount: string;
  balance: string;
}): Doc =>
  done('Booked', {
    transfer: moved.transfer_id,
    reference: moved.reference,
    amount: moved.amount,
    'balance after': moved.balance,
  });

const moves = (what: string): Doc => [line(toned('strong', what))];

const deposit = defineCommand({
  usage: 'deposit <agent_id> <amount>',
  summary: 'Credit an agent for money received',
  example: `operator deposit ${ID} 100.00 --reference invoice-7`,
  flags: { reference, yes },
  async run(at, { yes: agreed, ...input }) {
    await at.confirm(agreed, moves(`Agent ${input.agent_id} gets ${input.amount}.`));
    return at.operator().operatorDeposit(input);
  },
  show: showTransfer,
});

const withdraw = defineCommand({
  usage: 'withdraw <agent_id> <amount>',
  summary: 'Debit an agent for money paid out',
  example: `operator withdraw ${ID} 40.00 --reference payout-7`,
  flags: { reference, yes },
  async run(at, { yes: agreed, ...input }) {
    await at.confirm(agreed, moves(`Agent ${input.agent_id} loses ${input.amount}.`));
    return at.operator().operatorWithdraw(input);
  },
  show: showTransfer,
});

const withdrawFees = defineCommand({
  usage: 'fee-withdraw <amount>',
  summary: 'Take collected fees out of the platform’s account',
  example: 'operator fee-withdraw 12.00 --reference fees-2026-01',
  flags: { reference, yes },
  async run(at, { yes: agreed, ...input }) {
    await at.confirm(agreed, moves(`The platform’s account loses ${input.amount}.`));
    return at.operator().operatorWithdrawFees(input);
  },
  show: showTransfer,
});

const jobs = defineCommand({
  usage: 'jobs',
  summary: 'List jobs, oldest change first; the disputes unless a status is given',
  example: 'operator jobs --status disputed',
  flags: { status: oneOf(jobStatuses, 'those in this state'), limit },
  run: (at, { limit: most, ...filters }) =>
    take(at.operator().iterate('operatorListJobs', given(filters)), most),
  show: showJobs,
});

const resolve = defineCommand({
  usage: 'resolve <job_id>',
  summary: 'Decide a dispute; the shares add up to the price and the bond',
  example: `operator resolve ${ID} --client-share 10.00 --seller-share 2.50 --note "Half was there"`,
  flags: {
    client_share: required('<credits>', 'what the client gets'),
    seller_share: required('<credits>', 'what the seller gets, before the fee'),
    note,
    yes,
  },
  async run(at, { yes: agreed, ...input }) {
    await at.confirm(agreed, [
      ...moves(`Job ${input.job_id} ends:`),
      fields({
        'the client gets': input.client_share,
        'the seller gets': `${input.seller_share}, less the fee`,
      }),
    ]);
    return at.operator().operatorResolve(input);
  },
  show: (job) => [...done('Resolved', {}), jobFields(job)],
});

const extendDeadline = defineCommand({
  usage: 'extend-deadline <job_id> <delivery_deadline>',
  summary: 'Give the seller of a job more time',
  example: `operator extend-deadline ${ID} 2026-12-31T12:00:00Z --note "An outage of ours"`,
  flags: { note },
  run: (at, input) => at.operator().operatorExtendDeadline(input),
  show: (job) => [...done('Extended', {}), jobFields(job)],
});

const suspend = defineCommand({
  usage: 'suspend <agent_id>',
  summary: 'Stop an agent’s requests; its timers and its money go on',
  example: `operator suspend ${ID} --note "Fraud, case 7"`,
  flags: { note, reason: text('<text>', 'what the agent is told') },
  run: (at, input) => at.operator().operatorSuspend(given(input)),
  show: (agent) => done('Suspended', { agent: agent.agent_id, status: status(agent.status) }),
});

const reinstate = defineCommand({
  usage: 'reinstate <agent_id>',
  summary: 'End a suspension',
  example: `operator reinstate ${ID} --note "Case 7 is closed"`,
  flags: { note },
  run: (at, input) => at.operator().operatorReinstate(input),
  show: (agent) => done('Reinstated', { agent: agent.agent_id, status: status(agent.status) }),
});

const replaceKey = defineCommand({
  usage: 'replace-key <agent_id> <new_public_key>',
  summary: 'Name a new key for an agent that lost its own; it counts after 24 hours',
  example: `operator replace-key ${ID} ${'0a'.repeat(32)} --note "Identity shown by phone"`,
  flags: { note },
  run: (at, input) => at.operator().operatorReplaceKey(input),
  show: ({ agent_id, new_public_key, effective_at }) =>
    done('Named', { agent: agent_id, 'new key': new_public_key, 'in force': time(effective_at) }),
});

const failedDeliveries = defineCommand({
  usage: 'failed-deliveries',
  summary: 'List deliveries that failed, newest first',
  example: 'operator failed-deliveries --limit 100',
  flags: { agent_id: text('<id>', 'those to this agent'), limit },
  run: (at, { limit: most, ...filters }) =>
    take(at.operator().iterate('operatorListFailedDeliveries', given(filters)), most),
  show: showDeliveries,
});

const replay = defineCommand({
  usage: 'replay <delivery_id>',
  summary: 'Send a delivery again with a fresh set of attempts',
  example: `operator replay ${ID}`,
  run: (at, input) => at.operator().operatorReplay(input),
  show: (delivery) => showDeliveries([delivery]),
});

const audit = defineCommand({
  usage: 'audit',
  summary: 'List what operators did, newest first',
  example: 'operator audit --limit 50',
  flags: { limit },
  run: (at, { limit: most }) => take(at.operator().iterate('operatorListAudit'), most),
  show: (entries) => [
    table(entries, 'Nothing was done', {
      TIME: (entry) => time(entry.created_at),
      OPERATOR: (entry) => entry.operator,
      ACTION: (entry) => entry.action,
      SUBJECT: (entry) => entry.subject,
      DETAILS: (entry) => inline(entry.details),
    }),
  ],
});

const commands: readonly Command[] = [
  deposit,
  withdraw,
  withdrawFees,
  jobs,
  resolve,
  extendDeadline,
  suspend,
  reinstate,
  replaceKey,
  failedDeliveries,
  replay,
  audit,
  ...operatorViews,
  ...operatorRecalls,
];
export const operator: Group = {
  name: 'operator',
  summary: 'For the people who run a registry, with AGENT_REGISTRY_OPERATOR_KEY',
  // Their key is no agent's.
  commands: commands.map((command) => ({ ...command, access: 'none' })),
};
