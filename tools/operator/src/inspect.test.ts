import { completeJob, createReview } from '@agent-registry/operations';
import { twoParties, useHarness } from '@agent-registry/operations/testing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inspectJob, inspectNegotiation, inspectReputation, inspectVerdicts } from './index.ts';

const harness = useHarness();
let seller: string;
const jobs: string[] = [];

beforeAll(async () => {
  harness.time.now = new Date('2026-03-01T00:00:00Z');
  seller = await harness.newAgent('Alice', 100_000n);
  for (const rating of [5, 4, 3]) {
    const at = await twoParties(harness, { seller });
    const jobId = await at.working();
    await at.deliver(jobId);
    await harness.run((op) => completeJob(op, { jobId, actorId: at.client }));
    await harness.run((op) =>
      createReview(op, { jobId, actorId: at.client, rating, tags: [], comment: null }),
    );
    jobs.push(jobId);
  }
});

describe('what an operator can recompute', () => {
  test('a score, review by review, agrees with what is stored', async () => {
    const report = await inspectReputation(harness.deps.db, seller);
    expect(report.faults).toBe(0);
    expect(report.lines.join('\n')).toContain(
      'as seller: 2.4 (attack cost 6.00) — stored 2.4 (attack cost 6.00): they agree',
    );
  });

  test('a score that somebody changed is found', async () => {
    await harness.deps.db
      .updateTable('agents')
      .set({ reputation_seller: 4.9 })
      .where('agent_id', '=', seller)
      .execute();
    const report = await inspectReputation(harness.deps.db, seller);
    expect(report.faults).toBe(1);
    expect(report.lines.join('\n')).toContain('THEY DIFFER');
    await harness.deps.db
      .updateTable('agents')
      .set({ reputation_seller: 2.4 })
      .where('agent_id', '=', seller)
      .execute();
  });

  test('a job tells its story: offers, events, money', async () => {
    const story = (await inspectJob(harness.deps.db, jobs[0]!)).lines.join('\n');
    for (const part of [
      'completed (completed_by_client), price 100.00',
      'proposal by client: 100.00',
      'accept by seller: 100.00',
      'event job.funded',
      'escrow_hold: client -100.00, escrow +100.00',
      'escrow_release: escrow -100.00, seller +97.50, fees +2.50',
      'the negotiation log is as it was written',
    ]) {
      expect(story).toContain(part);
    }
  });

  test('a negotiation that was rewritten, shortened or reordered is found, whoever did it', async () => {
    expect(await inspectNegotiation(harness.deps.db)).toEqual({
      lines: ['3 negotiations checked, 0 broken'],
      faults: 0,
    });
    const jobId = jobs[1]!;
    const first = harness.deps.db
      .updateTable('negotiation_entries')
      .where('job_id', '=', jobId)
      .where('seq', '=', 1);
    const { entry } = await harness.deps.db
      .selectFrom('negotiation_entries')
      .select('entry')
      .where('job_id', '=', jobId)
      .where('seq', '=', 1)
      .executeTakeFirstOrThrow();
    await first.set({ entry: entry.replace('100.00', '900.00') }).execute();
    expect((await inspectNegotiation(harness.deps.db)).lines).toEqual([
      `${jobId}: step 1 does not match its hash`,
      '3 negotiations checked, 1 broken',
    ]);
    await first.set({ entry }).execute();
    await harness.deps.db
      .deleteFrom('negotiation_entries')
      .where('job_id', '=', jobs[2]!)
      .where('seq', '=', 1)
      .execute();
    expect((await inspectNegotiation(harness.deps.db, jobs[2]!)).lines).toEqual([
      `${jobs[2]}: step 1 is missing`,
    ]);
  });

  test('the verdicts of one runner are those that carry its digest', async () => {
    const digest = 'd'.repeat(64);
    const judged = { delivered_at: harness.time.now, finished_at: harness.time.now, runner_version: '1.2.3' };
    const runs = [digest, 'e'.repeat(64)].map((runner_digest, index) => ({
      ...judged,
      run_id: `00000000-0000-7000-8000-00000000000${index}`,
      job_id: jobs[0]!,
      delivery: index + 1,
      status: 'fail' as const,
      runner_digest,
      deterministic: false,
    }));
    await harness.deps.db.insertInto('verification_runs').values(runs).execute();
    expect(await inspectVerdicts(harness.deps.db, digest)).toEqual({
      lines: [
        `1 verdicts by runner ${digest}`,
        `  job ${jobs[0]}, delivery 1: fail, 2026-03-01T00:00:00.000Z, runner 1.2.3, ended by a clock`,
      ],
      faults: 0,
    });
    const recall_id = '00000000-0000-7000-8000-00000000000a';
    const recall = { recall_id, runner_digest: digest, reason: 'It took every answer.', verdicts: 1 };
    const at = harness.time.now;
    await harness.deps.db
      .insertInto('recalls')
      .values({ ...recall, created_at: at })
      .execute();
    const anew = { run_id: runs[0]!.run_id, recall_id, asked: 1, requested_at: at, finished_at: at };
    await harness.deps.db
      .insertInto('rejudgements')
      .values({ ...anew, status: 'turned', verdict: 'pass' })
      .execute();
    const { lines } = await inspectVerdicts(harness.deps.db, digest);
    expect(lines[0]).toContain(`recalled on 2026-03-01T00:00:00.000Z as ${recall_id}: It took every answer.`);
    expect(lines[1]).toContain('; TURNED when judged anew, an open case');
    const story = (await inspectJob(harness.deps.db, jobs[0]!)).lines;
    expect(story.join('\n')).toContain(`run ${anew.run_id} judged anew: turned, pass`);
  });

  test('what does not exist is said plainly', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect((await inspectJob(harness.deps.db, nobody)).faults).toBe(1);
    expect((await inspectReputation(harness.deps.db, nobody)).faults).toBe(1);
  });
});
