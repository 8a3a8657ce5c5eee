import fc from 'fast-check';
import { DAY, HOUR, type Model, type ModelJob, NAMES, type Refusal } from './market-model.ts';
import { counter, extendDeadline, mayTake, PLAIN_ACTIONS, type Proposal, review } from './model-actions.ts';
import { EVIDENCE_BYTES_MAX, hasOffer, maySettle } from './model-settling.ts';
import {
  advance,
  agree,
  type Direction,
  decimal,
  doAcceptOffer,
  doAct,
  doDeposit,
  doJudge,
  doOffer,
  doPropose,
  doResolve,
  doShow,
  jobAt,
  nameOf,
  toggle,
  wait,
} from './moves.ts';
import { assertAgrees, operate, type World } from './world.ts';

type Command = fc.AsyncCommand<Model, World>;
type Step = (model: Model, world: World) => Promise<Refusal | null>;

/** A command that says in a counterexample what it was, counts itself, and compares everything when it is done. */
function command(label: string, step: Step, needsJob = true): Command {
  const name = label.split(' ')[0] ?? label;
  return {
    check: (model) => !needsJob || model.jobs.length > 0,
    async run(model, world) {
      await count(name, world, () => step(model, world));
      await assertAgrees(world, model);
    },
    toString: () => label,
  };
}

async function count(name: string, world: World, step: () => Promise<Refusal | null>): Promise<void> {
  const tally = world.tally.get(name) ?? { tried: 0, done: 0 };
  tally.tried += 1;
  if ((await step()) === null) tally.done += 1;
  world.tally.set(name, tally);
}

/** Does a step so many times, and compares everything after each. */
async function repeat(times: number, world: World, model: Model, step: () => Promise<Refusal | null>) {
  let refusal = await step();
  for (let time = 1; time < times && refusal === null; time += 1) {
    await assertAgrees(world, model);
    refusal = await step();
  }
  return refusal;
}

const pick = fc.nat(7);
const rarely = fc.constantFrom(false, false, false, false, true);
const who = fc.constantFrom(...NAMES);
const cents = fc.bigInt({ min: 1n, max: 20_000n });
const penalty = fc.oneof({ arbitrary: fc.constant(0n), weight: 2 }, fc.bigInt({ min: 0n, max: 3_000n }));
const until = fc.oneof(
  { arbitrary: fc.constantFrom(null, 30 * 60_000, 5 * HOUR, 2 * DAY, 40 * DAY), weight: 9 },
  fc.constantFrom(-HOUR, 366 * DAY),
);
const pair = fc.oneof(
  { arbitrary: fc.shuffledSubarray([...NAMES], { minLength: 2, maxLength: 2 }), weight: 9 },
  who.map((name) => [name, name]),
);
/** A party of the job more often than a stranger. */
const role = fc.constantFrom('client', 'seller', 'client', 'seller', 'stranger');
const terms = fc.record({
  price: cents,
  clientPenalty: penalty,
  bond: penalty,
  hasCriteria: fc.boolean(),
  maxRounds: fc.integer({ min: 1, max: 3 }),
  deadlineIn: until,
});
const isUnderWay = ({ settled, status }: ModelJob): boolean => !settled && status !== 'cancelled';
const MINUTE = HOUR / 60;
const SHORT = [MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR] as const;
const LONG = [DAY, 3 * DAY, 8 * DAY, 31 * DAY] as const;
const spans = [...SHORT, ...SHORT, ...LONG];
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const proposal = fc
  .tuple(pair, terms)
  .map(([[client = 'ann', seller = 'ben'], rest]): Proposal => ({ client, seller, ...rest }));
const proposing = proposal.map((wish) =>
  command(`propose ${wish.client}→${wish.seller} ${wish.price}`, (m, w) => doPropose(m, w, wish), false),
);
const direction = fc.constantFrom<Direction>(
  'well',
  'well',
  'well',
  'well',
  'badly',
  'badly',
  'badly',
  'offer',
  'agree',
  'show',
);
/** Takes a job some steps further; a new job where there is none under way. */
const advancing = fc
  .record({
    at: pick,
    steps: fc.array(direction, { minLength: 1, maxLength: 9 }),
    share: cents,
    wish: proposal,
  })
  .map(({ at, steps, share, wish }) =>
    command(
      `advance #${at} ${steps.join(', ')}`,
      async (model, world) => {
        if (!model.jobs.some(isUnderWay)) await doPropose(model, world, wish);
        const job = model.jobs.length === 0 ? null : jobAt(model, at, isUnderWay);
        for (const step of steps) {
          if (job === null || !isUnderWay(job)) break;
          await count(`advance: ${step}`, world, () =>
            advance(model, world, job, { direction: step, share }),
          );
          await assertAgrees(world, model);
        }
        return null;
      },
      false,
    ),
  );
/** One act of one party; more often than not on a job whose state takes it. */
const acting = fc
  .tuple(pick, role, fc.constantFrom(...PLAIN_ACTIONS), fc.constantFrom(true, true, false))
  .map(([at, as, action, isApt]) =>
    command(`${action} #${at} by ${as}`, (m, w) => {
      const job = jobAt(m, at, ({ status }) => isApt && mayTake(status, action));
      return doAct(m, w, job, nameOf(job, as), action);
    }),
  );
const countering = fc
  .record({ at: pick, as: role, price: cents, clientPenalty: optional(penalty), bond: optional(penalty) })
  .map(({ at, as, ...offer }) =>
    command(`counter #${at} by ${as}`, async (model, world) => {
      const job = jobAt(model, at, ({ status }) => mayTake(status, 'counter'));
      const name = nameOf(job, as);
      const reply = await world.agents[name].call('POST', `/v1/jobs/${job.id}/counter`, {
        body: {
          proposed_price: decimal(offer.price),
          client_abort_penalty: offer.clientPenalty === undefined ? undefined : decimal(offer.clientPenalty),
          seller_abort_penalty: offer.bond === undefined ? undefined : decimal(offer.bond),
        },
      });
      const { price, clientPenalty, bond } = offer;
      const terms = {
        ...(clientPenalty === undefined ? {} : { clientPenalty }),
        ...(bond === undefined ? {} : { bond }),
      };
      return agree(reply, counter(model, job, name, { price, ...terms }));
    }),
  );
const judging = fc
  .tuple(pick, fc.constantFrom('pass', 'fail', 'error', 'error', 'outage'))
  .map(([at, word]) =>
    command(`judge #${at} ${word}`, (m, w) =>
      doJudge(
        m,
        w,
        jobAt(m, at, ({ run }) => run === 'pending'),
        word,
      ),
    ),
  );
const reviewing = fc.tuple(pick, role, fc.integer({ min: 1, max: 5 })).map(([at, as, rating]) =>
  command(`review #${at} by ${as}`, async (model, world) => {
    const job = jobAt(model, at, ({ held, reviewers }) => held !== null && reviewers.size < 2);
    const name = nameOf(job, as);
    const reply = await world.agents[name].call('POST', `/v1/jobs/${job.id}/reviews`, { body: { rating } });
    return agree(reply, review(model, job, name));
  }),
);
const resolving = fc.tuple(pick, cents, fc.boolean()).map(([at, share, isOff]) =>
  command(`resolve #${at}`, (m, w) =>
    doResolve(
      m,
      w,
      jobAt(m, at, ({ status }) => status === 'disputed'),
      share,
      isOff,
    ),
  ),
);
/** An offer to settle, or so many of them. */
const offering = fc
  .record({
    at: pick,
    as: role,
    share: fc.bigInt({ min: 0n, max: 30_000n }),
    isOff: rarely,
    times: fc.constantFrom(1, 1, 1, 1, 21),
  })
  .map(({ at, as, times, ...wish }) =>
    command(`offer #${at} by ${as} ×${times}`, (model, world) => {
      const job = jobAt(model, at, maySettle);
      return repeat(times, world, model, () => doOffer(model, world, job, nameOf(job, as), wish));
    }),
  );
/** More often than not of an offer that stands, and by the party that did not make it. */
const agreeing = fc
  .record({
    at: pick,
    as: fc.constantFrom('other', 'other', 'other', 'client', 'seller', 'stranger'),
    before: fc.constantFrom(0, 0, 0, 1, 2),
  })
  .map(({ at, as, before }) =>
    command(`settle #${at} by ${as}`, (model, world) => {
      const job = jobAt(model, at, hasOffer);
      const by = job.offers.at(-1)?.by === job.client ? 'seller' : 'client';
      return doAcceptOffer(model, world, job, nameOf(job, as === 'other' ? by : as), before);
    }),
  );
const showing = fc
  .record({
    at: pick,
    as: role,
    bytes: fc.constantFrom(1, 100, 1_000, 1_000, EVIDENCE_BYTES_MAX + 1),
    times: fc.constantFrom(1, 1, 1, 11),
  })
  .map(({ at, as, bytes, times }) =>
    command(`evidence #${at} by ${as} ×${times}`, (model, world) => {
      const job = jobAt(model, at, ({ status }) => status === 'disputed');
      return repeat(times, world, model, () => doShow(model, world, job, nameOf(job, as), bytes));
    }),
  );
const extending = fc.tuple(pick, fc.constantFrom(HOUR, 5 * DAY, 60 * DAY, 366 * DAY)).map(([at, ms]) =>
  command(`extend #${at}`, async (model, world) => {
    const job = jobAt(model, at);
    const deadline = model.now + ms;
    const body = { delivery_deadline: new Date(deadline).toISOString() };
    const reply = await operate(world, `/jobs/${job.id}/extend-deadline`, body);
    return agree(reply, extendDeadline(model, job, deadline));
  }),
);
const waiting = fc
  .tuple(
    fc.constantFrom(...spans),
    fc.constantFrom('on time', 'on time', 'on time', 'late', 'late', 'not yet'),
  )
  .map(([ms, timers]) => command(`wait ${ms / HOUR} h, ${timers}`, (m, w) => wait(m, w, ms, timers), false));
const depositing = fc
  .tuple(who, fc.bigInt({ min: 1n, max: 50_000n }))
  .map(([name, amount]) => command(`deposit ${name}`, (m, w) => doDeposit(m, w, name, amount), false));
const toggling = who.map((name) => command(`toggle ${name}`, (m, w) => toggle(m, w, name), false));

/** Walks through the market, each beginning with money and a job to do something about. */
export const walks = fc.commands(
  [
    acting,
    acting,
    ...[proposing, proposing, advancing, advancing, advancing, advancing, acting, acting, acting, acting],
    ...[
      countering,
      judging,
      judging,
      reviewing,
      resolving,
      offering,
      offering,
      agreeing,
      agreeing,
      showing,
      extending,
      waiting,
      waiting,
      depositing,
      toggling,
    ],
  ],
  { maxCommands: 60, size: 'max' },
);
