import { type LoadAgent, named, registerAgents } from './agents.ts';
import { callFor, createSender, type HttpRequest, type Taken } from './load.ts';
import type { Floor, Opened, Subject } from './scenario.ts';

/** Agents that take turns, so that no row is read more often than another. */
const AGENTS = 16;
/** A signed GET that waited longer than this to be sent is left out: signatures age. */
const AHEAD_SECONDS = 10;
const FIRST_GUESS_PER_SECOND = 500;
const SPARE = 1.3;

interface SignedGet {
  readonly label: string;
  readonly floor: Floor;
  readonly loads: readonly number[];
  /** Signs one now, for the nth agent's turn. */
  sign(agent: LoadAgent): HttpRequest;
}

/** Signed GETs under each load. As many as were answered in the slice before are signed ahead, the rest as they are sent. */
export async function openSignedGets({ stack }: Subject, wanted: SignedGet): Promise<Opened> {
  const agents = await registerAgents(stack, named('reader', AGENTS));
  const sender = createSender(stack.apiUrl, Math.max(...wanted.loads));
  let perSecond = FIRST_GUESS_PER_SECOND;
  let turn = 0;
  const signNext = () => wanted.sign(agents[turn++ % AGENTS]!);
  const run = async (callers: number, seconds: number): Promise<Taken> => {
    const ahead = Array.from({ length: perSecond * SPARE * Math.min(seconds, AHEAD_SECONDS) }, signNext);
    const once = async () => void (await sender.send(ahead.pop() ?? signNext(), 200));
    const taken = await callFor(seconds, callers, once);
    perSecond = Math.ceil(taken.latenciesMs.length / taken.seconds);
    return taken;
  };
  return {
    cases: wanted.loads.map((load) => ({
      label: wanted.label,
      load,
      unit: 'request',
      floor: wanted.floor,
      run: (seconds) => run(load, seconds),
    })),
    note: 'signed ahead',
    close: sender.close,
  };
}
