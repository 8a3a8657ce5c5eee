import type { JobRow } from '@agent-registry/db';
import {
  acceptJob,
  counterJob,
  createReview,
  deliverJob,
  fundJob,
  type Op,
  proposeJob,
  startJob,
} from '@agent-registry/operations';
import { criteriaHash, legacyCriteriaHash } from '@agent-registry/signing';
import type { Actor } from './actor.ts';
import type { Bank } from './bank.ts';
import type { Random } from './random.ts';
import { inOrder, type Stage, type Wait } from './simulation.ts';
import type { Skill } from './skills.ts';

export interface Deal {
  readonly client: Actor;
  readonly seller: Actor;
  readonly skill: Skill;
  readonly listingId: string;
  /** Cents that the client offers at first. */
  readonly cents: number;
  /** Members that every requirement of this deal has beside the skill's own. */
  readonly requirements?: Readonly<Record<string, unknown>>;
}

/** What two parties do with one job between them, each at the moment of the story. */
export interface Scene {
  readonly random: Random;
  readonly deal: Deal;
  readonly jobId: () => string;
  /** Cents in escrow and bond, once it is funded. */
  readonly held: () => bigint;
  readonly act: <T>(work: (op: Op) => Promise<T>) => Promise<T>;
  propose(): Promise<void>;
  counter(by: Actor, cents: number, message: string): Promise<void>;
  accept(by: Actor): Promise<void>;
  fund(): Promise<void>;
  start(): Promise<void>;
  deliver(isGood: boolean): Promise<JobRow>;
  review(by: Actor, rating: number): Promise<void>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PRAISE = ['Did what it said, early.', 'Exact, and easy to work with.', 'Would buy again.', null, null];
const BLAME = [
  'Late, and not what was agreed.',
  'Had to be asked twice.',
  'The second delivery was right.',
  null,
];
const TAGS = ['fast', 'exact', 'clear', 'fair', 'patient'];

export function createScene(stage: Stage, bank: Bank, deal: Deal, verdicts: Map<string, boolean>): Scene {
  const { act, now, random } = stage;
  const { client, seller, skill } = deal;
  let jobId = '';
  let held = 0n;
  const price = (cents: number): bigint => BigInt(Math.max(1, cents));
  const text = skill.criteria === null ? null : JSON.stringify(skill.criteria);
  const criteria =
    text === null ? null : { text, hash: criteriaHash(skill.criteria), legacyHash: legacyCriteriaHash(text) };
  const bond = random.chance(0.6) ? price(Math.round(deal.cents * 0.1)) : 0n;
  const penalty = random.chance(0.5) ? price(Math.round(deal.cents * 0.05)) : 0n;
  return {
    random,
    deal,
    jobId: () => jobId,
    held: () => held,
    act,
    async propose() {
      const requirements = { ...(skill.requirements(random) as object), ...deal.requirements };
      const job = await act((op) =>
        proposeJob(op, {
          clientId: client.agentId,
          sellerId: seller.agentId,
          price: price(deal.cents),
          clientAbortPenalty: penalty,
          sellerAbortPenalty: bond,
          listingId: deal.listingId,
          requirements: JSON.stringify(requirements),
          criteria,
          deadline: new Date(now().getTime() + random.whole(4, 12) * DAY),
          maxRounds: 5,
        }),
      );
      jobId = job.job_id;
      stage.own(jobId);
    },
    async counter(by, cents, message) {
      await act((op) => counterJob(op, { jobId, actorId: by.agentId, price: price(cents), message }));
    },
    async accept(by) {
      const hash = by === seller ? (criteria?.hash ?? null) : null;
      await act((op) => acceptJob(op, { jobId, actorId: by.agentId, criteriaHash: hash }));
    },
    async fund() {
      const funded = await act(async (op) => {
        await bank.provide(op, client, price(deal.cents * 2));
        await bank.provide(op, seller, bond);
        return fundJob(op, { jobId, actorId: client.agentId });
      });
      held = funded.price + funded.seller_abort_penalty;
    },
    async start() {
      await act((op) => startJob(op, { jobId, actorId: seller.agentId }));
    },
    async deliver(isGood) {
      const result = JSON.stringify(skill.deliver(random, isGood));
      const job = await act((op) => deliverJob(op, { jobId, actorId: seller.agentId, result }));
      verdicts.set(`${jobId}:${job.delivery_count}`, isGood);
      return job;
    },
    async review(by, rating) {
      const comment = random.pick(rating > 3 ? PRAISE : BLAME);
      const tags = rating > 3 && random.chance(0.6) ? [random.pick(TAGS)] : [];
      await act((op) => createReview(op, { jobId, actorId: by.agentId, rating, tags, comment }));
    },
  };
}

/** A wait of so many hours at least and at most. */
export const hours = ({ random }: Pick<Scene, 'random'>, from: number, to: number): number =>
  Math.round((from + (to - from) * random.next()) * HOUR);

/** The same before a delivery: a suite that is to run takes its turn at the runner with all others. */
export const hoursToDelivery = (scene: Pick<Scene, 'random' | 'deal'>, from: number, to: number): Wait =>
  scene.deal.skill.criteria === null ? hours(scene, from, to) : inOrder(hours(scene, from, to));

export { DAY, HOUR };
