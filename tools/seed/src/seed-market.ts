import { countAgents, createDb, type Db, updateLastSeen } from '@agent-registry/db';
import { deactivateAgent, recordAudit, suspendAgent } from '@agent-registry/operations';
import type { MarketRules } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import type { Actor } from './actor.ts';
import { doTask } from './background.ts';
import { type Bank, createBank, OPERATORS } from './bank.ts';
import { type CastMember, createCast } from './cast.ts';
import { registerActor } from './join.ts';
import { beginJobs, type Market } from './plot.ts';
import { createRandom } from './random.ts';
import { DAY, HOUR } from './scene.ts';
import { createSimulation, type Stage, type Story } from './simulation.ts';

export interface SeedOptions {
  /** The database, as a role that may do what both services may. */
  readonly databaseUrl: string;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** The same seed and the same end make the same market, to the last id. */
  readonly seed: string;
  readonly until: Date;
  /** How much of the 400 jobs there is to be, from 0 to 1; all when absent. */
  readonly share?: number;
  /** Told how far the simulated time has come, four times a day of it. */
  readonly onTime?: (now: Date) => void;
}

/** An agent of the seeded market, and the key to act as it. */
export interface SeededAgent {
  readonly agentId: string;
  readonly name: string;
  readonly role: 'seller' | 'buyer';
  /** 64 hex digits. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** How long the market is there, milliseconds. */
export const HISTORY_MS = 61 * DAY;
/** Operations at once: while Postgres works on some, this process works on others. */
const CONCURRENCY = 3;
/** When the endpoint that is gone stopped answering, before the end. */
const GONE_MS = 3 * DAY;

/**
 * Fills an empty registry with two months of a market: 60 agents and 400 jobs in every state, by the operations that the services
 * run, each at the moment of its story. No task is created and nobody is called.
 *
 * @throws Error when the registry has agents: what is due in it would be acted on as if it were made up, too.
 */
export async function seedMarket(options: SeedOptions): Promise<readonly SeededAgent[]> {
  const to = { url: options.databaseUrl, poolMax: CONCURRENCY, applicationName: 'seed' };
  // Thousands of commits that nobody waits for need not each wait for the disk; the last writes below do, for all of them.
  const quick = createDb({ ...to, settings: ['synchronous_commit=off'] });
  const durable = createDb(to);
  try {
    if ((await countAgents(durable, { text: null, status: null }, 1)) > 0)
      throw new Error('A market is made up in an empty registry, and this one has agents.');
    const market = await fill(quick, options);
    await showPresence(durable, market, options);
    return market.map(({ actor: { agentId, name, publicKey, privateKey }, role }) => ({
      agentId,
      name,
      role,
      publicKey,
      privateKey,
    }));
  } finally {
    await Promise.all([quick.destroy(), durable.destroy()]);
  }
}

interface Member {
  readonly actor: Actor;
  readonly role: SeededAgent['role'];
}

async function fill(db: Db, options: SeedOptions): Promise<readonly Member[]> {
  const { rules, sealer, seed, until, share = 1, onTime } = options;
  const from = new Date(until.getTime() - HISTORY_MS);
  const random = createRandom(seed);
  const concurrency = CONCURRENCY;
  const simulation = createSimulation({ db, rules, sealer, random, from, until, concurrency, onTime });
  const cast = createCast(seed, random.derive('cast'));
  const actors = new Map<string, Actor>();
  const all = [...cast.buyers, ...cast.sellers];
  for (const member of all)
    simulation.begin({
      at: new Date(from.getTime() + random.whole(1, 40) * HOUR),
      name: `life of ${member.name}`,
      keys: [member.name],
      tell: (stage) => registerActor(stage, member, (actor) => actors.set(member.name, actor)),
    });
  const verdicts = new Map<string, boolean>();
  const registered = (members: readonly CastMember[]): Actor[] =>
    members.map(({ name }) => actors.get(name)!);
  simulation.begin({
    at: new Date(from.getTime() + 2 * DAY),
    name: 'business',
    keys: null,
    tell(stage) {
      const sides = { sellers: registered(cast.sellers), buyers: registered(cast.buyers) };
      return business(stage, { simulation, bank: createBank(), verdicts, ...sides, rules, share }, until);
    },
  });
  const habits = new Map(
    all.flatMap(({ endpointUrl, habit }) => (endpointUrl === null ? [] : [[endpointUrl, habit] as const])),
  );
  const goneSince = new Date(until.getTime() - GONE_MS);
  const isGood = (jobId: string, delivery: number): boolean => verdicts.get(`${jobId}:${delivery}`) === true;
  await simulation.run((stage, task) => doTask({ habits, goneSince, isGood }, stage, task));
  return [
    ...registered(cast.sellers).map((actor) => ({ actor, role: 'seller' as const })),
    ...registered(cast.buyers).map((actor) => ({ actor, role: 'buyer' as const })),
  ];
}

/** Once everybody is there: all jobs and paydays begin, and towards the end two agents go. */
async function* business(stage: Stage, market: Market, until: Date): Story {
  const { simulation, bank, sellers, buyers } = market;
  const begun = stage.now();
  beginJobs(market, begun, until);
  for (const seller of sellers)
    simulation.begin({
      at: new Date(begun.getTime() + 7 * DAY),
      name: `paydays of ${seller.name}`,
      keys: [seller.name],
      tell: (own) => paydays(own, bank, seller),
    });
  yield until.getTime() - 6 * DAY - begun.getTime();
  yield* departures(stage, sellers.at(-1)!, buyers.at(-1)!);
}

/** Most were seen within the day, a third of them in the last minutes. */
async function showPresence(db: Db, members: readonly Member[], { seed, until }: SeedOptions): Promise<void> {
  const random = createRandom(`${seed}/presence`);
  for (const { actor } of members) {
    const agoMs = random.chance(0.35) ? random.whole(0, 4) * 60_000 : random.whole(1, 40) * HOUR;
    await updateLastSeen(db, actor.agentId, new Date(until.getTime() - agoMs));
  }
}

/** Once a week whoever has earned enough may take half of it out. */
async function* paydays({ act, random }: Stage, bank: Bank, seller: Actor): Story {
  for (;;) {
    if (random.chance(0.5)) await act((op) => bank.payOut(op, seller));
    yield 7 * DAY;
  }
}

/** One agent is suspended, and one that has nothing leaves. */
async function* departures({ act, random }: Stage, suspended: Actor, leaving: Actor): Story {
  const reason = 'Three clients reported the same copied work.';
  await act(async (op) => {
    await suspendAgent(op, { agentId: suspended.agentId, reason });
    const details = { outcome: 'done', agent_id: suspended.agentId, reason };
    await recordAudit(op, {
      operator: random.pick(OPERATORS),
      action: 'operatorSuspend',
      subject: suspended.agentId,
      details,
    });
  });
  yield DAY;
  await act((op) => deactivateAgent(op, { agentId: leaving.agentId }));
}
