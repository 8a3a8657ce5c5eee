import { createDb, type Db, updateLastSeen } from '@agent-registry/db';
import { deactivateAgent, recordAudit, suspendAgent } from '@agent-registry/operations';
import type { MarketRules } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import type { Actor } from './actor.ts';
import { doTask } from './background.ts';
import { type Bank, createBank, OPERATORS } from './bank.ts';
import { createCast } from './cast.ts';
import { registerActor } from './join.ts';
import { pastJobs, presentJobs } from './plot.ts';
import { createRandom } from './random.ts';
import { DAY, HOUR } from './scene.ts';
import { createSimulation, type Simulation, type Story } from './simulation.ts';

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

const HISTORY_MS = 61 * DAY;
/** When the endpoint that is gone stopped answering, before the end. */
const GONE_MS = 3 * DAY;

/**
 * Fills an empty registry with two months of a market: 60 agents and 400 jobs in every state, by the operations that the services
 * run, each at the moment of its story. No task is created and nobody is called.
 */
export async function seedMarket(options: SeedOptions): Promise<readonly SeededAgent[]> {
  const to = { url: options.databaseUrl, poolMax: 1, applicationName: 'seed' };
  // Thousands of commits that nobody waits for need not each wait for the disk; the last writes below do, for all of them.
  const quick = createDb({ ...to, settings: ['synchronous_commit=off'] });
  const durable = createDb(to);
  try {
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

async function fill(
  db: Db,
  { rules, sealer, seed, until, share = 1 }: SeedOptions,
): Promise<readonly Member[]> {
  const from = new Date(until.getTime() - HISTORY_MS);
  const random = createRandom(seed);
  const simulation = createSimulation({ db, rules, sealer, random, from, until });
  const bank = createBank(simulation);
  const cast = createCast(seed, random.derive('cast'));
  const sellers: Actor[] = [];
  const buyers: Actor[] = [];
  const members = [
    ...cast.buyers.map((one) => [one, buyers] as const),
    ...cast.sellers.map((one) => [one, sellers] as const),
  ];
  for (const [member, side] of members) {
    const at = new Date(from.getTime() + random.whole(1, 40) * HOUR);
    simulation.begin(
      at,
      registerActor(simulation, member, (actor) => side.push(actor)),
    );
  }
  const verdicts = new Map<string, boolean>();
  const market = { simulation, bank, verdicts, sellers, buyers, rules, share };
  simulation.begin(new Date(from.getTime() + 2 * DAY), pastJobs(market, until));
  simulation.begin(new Date(until.getTime() - 2 * DAY), presentJobs(market, until));
  simulation.begin(new Date(from.getTime() + 9 * DAY), paydays(simulation, bank, sellers));
  simulation.begin(new Date(until.getTime() - 6 * DAY), departures(simulation, sellers, buyers));
  const habits = new Map(
    members.flatMap(([{ endpointUrl, habit }]) => (endpointUrl === null ? [] : [[endpointUrl, habit]])),
  );
  const goneSince = new Date(until.getTime() - GONE_MS);
  const isGood = (jobId: string, delivery: number): boolean => verdicts.get(`${jobId}:${delivery}`) === true;
  await simulation.run((task) => doTask({ simulation, habits, goneSince, isGood }, task));
  return [
    ...sellers.map((actor) => ({ actor, role: 'seller' as const })),
    ...buyers.map((actor) => ({ actor, role: 'buyer' as const })),
  ];
}

/** Most were seen within the day, a third of them in the last minutes. */
async function showPresence(db: Db, members: readonly Member[], { seed, until }: SeedOptions): Promise<void> {
  const random = createRandom(`${seed}/presence`);
  for (const { actor } of members) {
    const agoMs = random.chance(0.35) ? random.whole(0, 4) * 60_000 : random.whole(1, 40) * HOUR;
    await updateLastSeen(db, actor.agentId, new Date(until.getTime() - agoMs));
  }
}

/** Once a week those who have earned enough take half of it out. */
async function* paydays({ act, random }: Simulation, bank: Bank, sellers: readonly Actor[]): Story {
  for (;;) {
    for (const seller of sellers) if (random.chance(0.5)) await act((op) => bank.payOut(op, seller));
    yield 7 * DAY;
  }
}

/** One agent is suspended, and one that has nothing leaves. */
async function* departures(
  { act, random }: Simulation,
  sellers: readonly Actor[],
  buyers: readonly Actor[],
): Story {
  const suspended = sellers.at(-1)!;
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
  await act((op) => deactivateAgent(op, { agentId: buyers.at(-1)!.agentId }));
}
