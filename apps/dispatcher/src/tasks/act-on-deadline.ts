import { actOnTimer, commit, isSuperseded } from '@agent-registry/operations';
import type { TaskBody } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';

/** Acts on a job's timer. Tasks that could not be created for its consequences are created by the sweep. */
export async function actOnDeadline(context: DispatcherContext, task: TaskBody<'timer'>): Promise<Answer> {
  annotate({ job_id: task.job_id, timer: task.timer });
  const subject = `${task.job_id}:${task.timer}`;
  if (await isSuperseded(context.db, { kind: 'timer', subject, generation: task.generation }))
    return done('superseded');
  const { value: result } = await commit(context, (op) =>
    actOnTimer(op, { jobId: task.job_id, timer: task.timer }),
  );
  return done(result);
}
