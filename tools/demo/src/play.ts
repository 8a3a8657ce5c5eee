import type { Stack } from '@agent-registry/stack';
import { doAbortedJob } from './jobs/aborted-job.ts';
import { doNegotiatedJob } from './jobs/negotiated-job.ts';
import { doProgramJob } from './jobs/program-job.ts';
import { doSecondTryJob } from './jobs/second-try-job.ts';
import { meet } from './meet.ts';
import { checkLedger, checkMoney, checkWebhooks } from './settle-up.ts';
import type { Narrator } from './tell.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

/** Tells the whole story over a running stack. Throws StepFailed, naming the step, when anything is off. */
export async function play(stack: Pick<Stack, 'apiUrl' | 'database'>, tell: Narrator): Promise<void> {
  const receiver = await startWebhookReceiver();
  try {
    const scene = await meet({ baseUrl: stack.apiUrl }, receiver, tell);
    const jobIds = [await doNegotiatedJob(scene), await doSecondTryJob(scene), await doAbortedJob(scene)];
    const programJob = await doProgramJob(scene);
    if (programJob !== null) jobIds.push(programJob);
    await checkWebhooks(scene, jobIds);
    await checkMoney(scene, jobIds);
    await checkLedger(scene, jobIds, stack.database.url('registry_owner'));
  } finally {
    await receiver.close();
  }
}
