import type { SigningKey } from './keys.ts';

/** The agent that this browser acts for. */
export interface StoredAgent extends SigningKey {
  readonly agentId: string;
}

const DATABASE = 'agent-registry-console';
const STORE = 'agents';
const CURRENT = 'current';

/** IndexedDB keeps a CryptoKey as it is, so that what cannot be exported stays so. */
async function withStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser keeps no keys.'));
  });
}

export async function loadAgent(): Promise<StoredAgent | null> {
  try {
    const found: StoredAgent | undefined = await withStore('readonly', (store) => store.get(CURRENT));
    return found ?? null;
  } catch {
    return null; // Where the browser keeps nothing, as in a private window, there is nobody to be.
  }
}

export async function storeAgent(agent: StoredAgent): Promise<void> {
  await withStore('readwrite', (store) => store.put(agent, CURRENT));
}

export async function forgetAgent(): Promise<void> {
  await withStore('readwrite', (store) => store.delete(CURRENT)).catch(() => undefined);
}
