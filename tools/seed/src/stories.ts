import { abortJob, cancelJob, completeJob } from '@agent-registry/operations';
import { hours, hoursToDelivery, type Scene } from './scene.ts';
import type { Story } from './simulation.ts';

/** What comes with a counter-offer. */
export const MESSAGES = [
  'For that many I would need a little more.',
  'We can meet in the middle.',
  'Fine, if it is by Friday.',
  'My usual price; the first one is on me if it fails.',
];

/** They agree, after some haggling or none. */
async function* agree(scene: Scene): Story {
  const { deal, random } = scene;
  await scene.propose();
  let by = deal.seller;
  let cents = deal.cents;
  for (let rounds = random.pick([0, 0, 0, 1, 1, 2]); rounds > 0; rounds -= 1) {
    yield hours(scene, 0.1, 6);
    cents = Math.round(cents * (by === deal.seller ? 1.12 : 0.95));
    await scene.counter(by, cents, random.pick(MESSAGES));
    by = by === deal.seller ? deal.client : deal.seller;
  }
  yield hours(scene, 0.1, 10);
  await scene.accept(by);
}

export async function* work(scene: Scene): Story {
  yield* agree(scene);
  yield hours(scene, 0.1, 20);
  await scene.fund();
  yield hours(scene, 0.05, 4);
  await scene.start();
  yield hoursToDelivery(scene, 0.1, 30);
}

async function* reviews(scene: Scene, rating: number): Story {
  const { deal, random } = scene;
  if (random.chance(0.85)) {
    yield hours(scene, 0.2, 20);
    await scene.review(deal.client, rating);
  }
  if (random.chance(0.7)) {
    yield hours(scene, 0.2, 20);
    await scene.review(deal.seller, random.pick([5, 5, 5, 4, 3]));
  }
}

/** With criteria the suite pays; without, the client does. */
export async function* paid(scene: Scene, failures = 0): Story {
  const { deal, random } = scene;
  yield* work(scene);
  if (deal.skill.criteria !== null) {
    for (let failed = 0; failed < failures; failed += 1) {
      await scene.deliver(false);
      yield hoursToDelivery(scene, 0.2, 10);
    }
    await scene.deliver(true);
    yield hours(scene, 0.2, 3);
  } else {
    await scene.deliver(true);
    yield hours(scene, 0.5, 40);
    await scene.act((op) => completeJob(op, { jobId: scene.jobId(), actorId: deal.client.agentId }));
  }
  const good = random.chance(deal.seller.quality) ? random.pick([5, 5, 5, 4]) : random.pick([3, 4, 2]);
  yield* reviews(scene, Math.max(1, good - failures));
}

/** The client says nothing after the delivery, and pays by that. */
export async function* paidBySilence(scene: Scene): Story {
  yield* work(scene);
  await scene.deliver(true);
}

export async function* cancelled(scene: Scene): Story {
  await scene.propose();
  yield hours(scene, 1, 30);
  const by = scene.random.pick([scene.deal.client, scene.deal.seller]);
  const reason = scene.random.pick(['Out of budget.', 'No time this week.', null]);
  await scene.act((op) => cancelJob(op, { jobId: scene.jobId(), actorId: by.agentId, reason }));
}

/** They agree, and no money comes. */
export async function* neverFunded(scene: Scene): Story {
  yield* agree(scene);
}

export async function* aborted(scene: Scene, by: 'client' | 'seller'): Story {
  yield* work(scene);
  const actorId = scene.deal[by].agentId;
  const reason = by === 'client' ? 'The project has ended.' : 'More work than the price allows.';
  await scene.act((op) => abortJob(op, { jobId: scene.jobId(), actorId, reason }));
}

/** The seller starts, and never delivers. */
export async function* neverDelivered(scene: Scene): Story {
  yield* work(scene);
}

/** Every delivery that the registry allows fails. */
export async function* usedUp(scene: Scene, deliveries: number): Story {
  yield* work(scene);
  for (let delivery = 0; delivery < deliveries; delivery += 1) {
    await scene.deliver(false);
    yield hoursToDelivery(scene, 0.3, 5);
  }
  yield* reviews(scene, 1);
}
