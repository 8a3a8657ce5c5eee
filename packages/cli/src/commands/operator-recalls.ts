import { defineCommand } from '../define-command.ts';
import { given, oneOf, repeated, required, text } from '../flags.ts';
import { done, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { table } from '../terminal/document.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const note = required('<text>', 'why, for the audit trail');
const statuses = ['waiting', 'same', 'turned', 'unavailable', 'closed'] as const;
/** The registry takes so many at once. */
const RUNS_AT_ONCE = 100;

const open = defineCommand({
  usage: 'recall <runner_digest>',
  summary: 'Name a test-runner that was found faulty; the public log says so',
  example: `operator recall ${'0a'.repeat(32)} --reason "Matched without anchors" --note "Incident 12"`,
  flags: { reason: required('<text>', 'what is wrong with it; everybody reads it'), note },
  run: (at, input) => at.operator().operatorOpenRecall(input),
  show: ({ recall_id, verdicts }) => done('Recalled', { recall: recall_id, verdicts }),
});

const judgements = defineCommand({
  usage: 'verdicts <runner_digest>',
  summary: 'List the verdicts of a test-runner: whom a recall of it would concern',
  example: `operator verdicts ${'0a'.repeat(32)} --limit 20`,
  flags: { limit },
  run: (at, { limit: most, runner_digest }) =>
    take(at.operator().iterate('operatorListVerdicts', { runner_digest }), most),
  show: (found) => [
    table(found, 'No verdict is by this runner', {
      RUN: (row) => row.run_id,
      JOB: (row) => row.job_id,
      CLIENT: (row) => row.client_agent_id,
      SELLER: (row) => row.seller_agent_id,
      VERDICT: (row) => row.verdict,
      JUDGED: (row) => time(row.judged_at),
    }),
  ],
});

const recalls = defineCommand({
  usage: 'recalls',
  summary: 'List the runners that were recalled, and how many of their verdicts turned',
  example: 'operator recalls',
  flags: { limit },
  run: (at, { limit: most }) => take(at.operator().iterate('operatorListRecalls'), most),
  show: (found) => [
    table(found, 'No runner was recalled', {
      RECALL: (one) => one.recall_id,
      RUNNER: (one) => one.runner_digest.slice(0, 12),
      SINCE: (one) => time(one.created_at),
      VERDICTS: (one) => one.verdicts,
      WAITING: (one) => one.rejudged.waiting,
      SAME: (one) => one.rejudged.same,
      'OPEN CASES': (one) => one.rejudged.turned,
      CLOSED: (one) => one.rejudged.closed,
      UNAVAILABLE: (one) => one.rejudged.unavailable,
    }),
  ],
});

const verdicts = defineCommand({
  usage: 'recalled-verdicts <recall_id>',
  summary: 'List the verdicts of a recalled runner; the open cases with --status turned',
  example: `operator recalled-verdicts ${ID} --status turned`,
  flags: { status: oneOf(statuses, 'those of which this is known'), limit },
  run: (at, { limit: most, ...filters }) =>
    take(at.operator().iterate('operatorListRecalledVerdicts', given(filters)), most),
  show: (found) => [
    table(found, 'No verdicts', {
      RUN: (row) => row.run_id,
      JOB: (row) => row.job_id,
      DELIVERY: (row) => row.delivery,
      VERDICT: (row) => row.verdict,
      'NEW VERDICT': (row) => row.new_verdict,
      STATUS: (row) => (row.status === null ? null : status(row.status)),
      WHY: (row) => row.unavailable_reason ?? row.note,
    }),
  ],
});

const rejudge = defineCommand({
  usage: 'rejudge <recall_id>',
  summary: 'Have verdicts of a recalled runner judged anew: those named, or all that nobody asked for',
  example: `operator rejudge ${ID} --note "Incident 12"`,
  flags: { run: repeated('<run_id>', 'a verdict; may be given several times'), note },
  async run(at, { recall_id, run, note: why }) {
    const operator = at.operator();
    const runIds = [...(run ?? [])];
    if (run === undefined)
      for await (const { run_id, status: known } of operator.iterate('operatorListRecalledVerdicts', {
        recall_id,
        limit: RUNS_AT_ONCE,
      }))
        if (known === null) runIds.push(run_id);
    const sums = { asked: 0, unavailable: 0, left: 0 };
    for (let first = 0; first < runIds.length; first += RUNS_AT_ONCE) {
      const run_ids = runIds.slice(first, first + RUNS_AT_ONCE);
      const came = await operator.operatorRejudge({ recall_id, run_ids, note: why });
      for (const name of ['asked', 'unavailable', 'left'] as const) sums[name] += came[name];
    }
    return sums;
  },
  show: ({ asked, unavailable, left }) =>
    done('Asked', { 'judged anew': asked, 'cannot be': unavailable, 'left alone': left }),
});

const close = defineCommand({
  usage: 'close-recall-case <recall_id> <run_id>',
  summary: 'Close the case of a verdict that turned, with the deposit that compensates a party',
  example: `operator close-recall-case ${ID} ${ID} --reference recall-7 --note "Paid in full"`,
  flags: { reference: text('<text>', 'of the deposit; none unless given'), note },
  run: (at, { reference, ...input }) =>
    at.operator().operatorCloseRecallCase({ ...input, reference: reference ?? null }),
  show: ({ job_id, reference }) => done('Closed', { job: job_id, compensation: reference ?? 'none' }),
});

export const operatorRecalls = [judgements, open, recalls, verdicts, rejudge, close];
