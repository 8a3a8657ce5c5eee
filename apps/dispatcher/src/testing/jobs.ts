import { findJob, type JobRow, type VerificationRunRow } from '@agent-registry/db';
import {
  acceptJob,
  deliverJob,
  depositCredits,
  fundJob,
  type Op,
  proposeJob,
  startJob,
} from '@agent-registry/operations';
import type { TaskSpec } from '@agent-registry/schemas';
import { criteriaHash } from '@agent-registry/signing';
import type { Registry } from './start-registry.ts';

export interface TestJob {
  readonly jobId: string;
  readonly clientId: string;
  readonly sellerId: string;
  /** Tasks of everything that happened so far, by path. */
  readonly specs: TaskSpec[];
  act(work: (op: Op) => Promise<unknown>): Promise<TaskSpec[]>;
  /** Delivers; the task of the run that judges it. */
  deliver(result?: string): Promise<TaskSpec>;
  status(): Promise<JobRow['status'] | undefined>;
  /** The newest verification run. */
  run(): Promise<VerificationRunRow>;
}

/** The client's criteria as it sent them: spelled so that a second serialisation would change them. */
export const CRITERIA =
  '{"version": "1.0", "tests": [{"test_id": "t1", "type": "contains", "params": {"pattern": "1.0"}}]}';

/** A funded and started job between two agents without endpoints, or with the seller's. */
export async function startedJob(
  registry: Registry,
  {
    criteria = CRITERIA,
    sellerUrl = null,
    hiddenCases = null,
  }: { criteria?: string | null; sellerUrl?: string | null; hiddenCases?: string | null } = {},
): Promise<TestJob> {
  const { agentId: clientId } = await registry.newAgent();
  const { agentId: sellerId } = await registry.newAgent(sellerUrl);
  await registry.run((op) => depositCredits(op, { agentId: clientId, amount: 100_000n }));
  const specs: TaskSpec[] = [];
  const act: TestJob['act'] = async (work) => {
    const done = await registry.run(work);
    specs.push(...done.specs);
    return done.specs;
  };
  const hash = criteria === null ? null : criteriaHash(JSON.parse(criteria));
  const { value: job, specs: proposed } = await registry.run((op) =>
    proposeJob(op, {
      clientId,
      sellerId,
      price: 10_000n,
      clientAbortPenalty: 0n,
      sellerAbortPenalty: 0n,
      listingId: null,
      requirements: null,
      criteria: criteria === null ? null : { text: criteria, hash: hash ?? '', legacyHash: hash ?? '' },
      hiddenCases,
      deadline: null,
      maxRounds: 5,
    }),
  );
  specs.push(...proposed);
  const jobId = job.job_id;
  await act((op) => acceptJob(op, { jobId, actorId: sellerId, criteriaHash: hash }));
  await act((op) => fundJob(op, { jobId, actorId: clientId }));
  await act((op) => startJob(op, { jobId, actorId: sellerId }));
  return {
    jobId,
    clientId,
    sellerId,
    specs,
    act,
    deliver: async (result = '{"n": 1.0}') => {
      const delivered = await act((op) => deliverJob(op, { jobId, actorId: sellerId, result }));
      const spec = delivered.find(({ queue }) => queue === 'verification');
      if (spec === undefined) throw new Error('no run was scheduled');
      return spec;
    },
    status: async () => (await findJob(registry.database.db, jobId))?.status,
    run: () =>
      registry.database.db
        .selectFrom('verification_runs')
        .selectAll()
        .where('job_id', '=', jobId)
        .orderBy('delivery', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow(),
  };
}

/** Has no run wait any more, so that what one test leaves is not what another's tasks take. */
export async function abandonRuns({ database, clock }: Registry): Promise<void> {
  await database.db
    .updateTable('verification_runs')
    .set({ status: 'abandoned', finished_at: clock.now() })
    .where('status', 'in', ['pending', 'running'])
    .execute();
}
