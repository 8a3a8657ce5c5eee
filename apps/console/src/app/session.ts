import { useSyncExternalStore } from 'preact/compat';
import { forgetAgent, loadAgent, type StoredAgent, storeAgent } from './key-store.ts';

/** Who uses the page. An operator's key is here and nowhere else: a reload forgets it. */
export interface Session {
  readonly agent: StoredAgent | null;
  readonly operatorKey: string | null;
  /** Raised by each event of the agent's feed, so that what is shown is read again. */
  readonly news: number;
}

let session: Session = { agent: null, operatorKey: null, news: 0 };
const listeners = new Set<() => void>();

function change(part: Partial<Session>): void {
  session = { ...session, ...part };
  for (const listener of listeners) listener();
}

export const currentSession = (): Session => session;

export function useSession(): Session {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentSession);
}

/** Takes up the agent that this browser knows. */
export async function resume(): Promise<void> {
  change({ agent: await loadAgent() });
}

/** @param keep whether the browser is to know the agent after this visit. */
export async function signIn(agent: StoredAgent, keep: boolean): Promise<void> {
  if (keep) await storeAgent(agent);
  change({ agent });
}

export async function signOut(): Promise<void> {
  await forgetAgent();
  change({ agent: null });
}

export const enterOperator = (operatorKey: string | null): void => change({ operatorKey });

export const tellNews = (): void => change({ news: session.news + 1 });
