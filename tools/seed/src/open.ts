import { disputeJob, failJob } from '@agent-registry/operations';
import { offer, shown } from './disputes.ts';
import type { Scene } from './scene.ts';
import { inOrder, type Story } from './simulation.ts';
import { MESSAGES } from './stories.ts';

const MINUTE = 60_000;

/** States in which a job of a story may be when the story ends. */
export type OpenState =
  | 'proposed'
  | 'negotiating'
  | 'agreed'
  | 'funded'
  | 'in_progress'
  | 'delivered'
  | 'verifying'
  | 'failed'
  | 'disputed';

/** Of the disputes that are open, most have evidence of both sides, and some an offer to settle. */
async function* contested(scene: Scene, waitMs: () => number): Story {
  const { random, deal } = scene;
  if (random.chance(0.7)) yield* shown(scene, waitMs);
  if (random.chance(0.4))
    await offer(scene, { by: deal.client, percent: 40, note: 'Let us not wait for an operator.' });
}

/** Brings a job to a state within the hour, and leaves it there. */
export async function* open(scene: Scene, state: OpenState): Story {
  const { deal, random } = scene;
  const soon = (): number => (state === 'verifying' ? 3 : random.whole(1, 5)) * MINUTE;
  await scene.propose();
  if (state === 'proposed') return;
  yield soon();
  if (state === 'negotiating') {
    await scene.counter(deal.seller, Math.round(deal.cents * 1.15), random.pick(MESSAGES));
    return;
  }
  const steps = [
    () => scene.accept(deal.seller),
    () => scene.fund(),
    () => scene.start(),
    () => scene.deliver(state === 'verifying'),
    () =>
      scene.act((op) =>
        failJob(op, { jobId: scene.jobId(), actorId: deal.client.agentId, reason: 'Not what was agreed.' }),
      ),
    () =>
      scene.act((op) => disputeJob(op, { jobId: scene.jobId(), actorId: deal.seller.agentId, reason: null })),
  ];
  for (const step of steps.slice(0, STEPS_TO[state])) {
    await step();
    yield state === 'verifying' ? inOrder(soon()) : soon();
  }
  if (state === 'disputed') yield* contested(scene, soon);
}

const STEPS_TO: Readonly<Record<Exclude<OpenState, 'proposed' | 'negotiating'>, number>> = {
  agreed: 1,
  funded: 2,
  in_progress: 3,
  delivered: 4,
  verifying: 4,
  failed: 5,
  disputed: 6,
};
