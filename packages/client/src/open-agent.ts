import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AgentClient, createAgentClient } from './agent-client.ts';
import { checkBaseUrl } from './check-base-url.ts';
import type { Connection } from './connection.ts';
import { generateKeyPair, readPrivateKey } from './keys.ts';
import { type Profile, register } from './register.ts';

/** What an agent must not lose, as its file has it. */
export interface StoredAgent {
  /** The registry that knows it. */
  readonly registry: string;
  /** Absent until the registration was answered. */
  readonly agent_id?: string | undefined;
  /** 64 hex digits. */
  readonly private_key: string;
  readonly webhook_secret?: string | undefined;
}

export interface OpenedAgent {
  readonly client: AgentClient;
  readonly agentId: string;
  readonly webhookSecret: string;
  /** Whether it was registered just now. */
  readonly isNew: boolean;
}

/**
 * The agent of a file: registered under a fresh key at the first start, and the same one ever after. The key is written before the
 * registry hears of it, to a file that its owner alone may read, so that no crash can lose it; of several processes that start at
 * once all use the first one's. Throws as `register` does, and TypeError for a file that is of another registry or unreadable.
 */
export async function openAgent(
  connection: Connection,
  file: string,
  profile: Profile,
): Promise<OpenedAgent> {
  const registry = checkBaseUrl(connection.baseUrl);
  const stored = (await readAgent(file)) ?? (await beginAgent(file, registry));
  if (checkBaseUrl(stored.registry) !== registry)
    throw new TypeError(`${file} holds an agent of ${stored.registry}, not of ${registry}`);
  const { agent_id: agentId, webhook_secret: webhookSecret } = stored;
  if (agentId !== undefined && webhookSecret !== undefined) {
    const client = createAgentClient({ ...connection, agentId, privateKey: stored.private_key });
    return { client, agentId, webhookSecret, isNew: false };
  }
  const made = await register(connection, profile, readPrivateKey(stored.private_key));
  await writeAgent(file, { ...stored, agent_id: made.agent.agent_id, webhook_secret: made.webhookSecret });
  return {
    client: made.client,
    agentId: made.agent.agent_id,
    webhookSecret: made.webhookSecret,
    isNew: true,
  };
}

/** The agent of a file; null when there is no such file. Throws TypeError for a file that is none. */
export async function readAgent(file: string): Promise<StoredAgent | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const stored = JSON.parse(text) as StoredAgent;
    return { ...stored, private_key: readPrivateKey(stored.private_key).privateKey };
  } catch {
    throw new TypeError(`${file} holds no agent: it must be JSON with registry, agent_id and private_key`);
  }
}

/** Writes an agent's file, whole or not at all, for its owner alone. */
export async function writeAgent(file: string, stored: StoredAgent): Promise<void> {
  await rename(await writeBeside(file, stored), file);
}

/** Keeps a fresh key in the file, unless another process was first: then what that one keeps. */
async function beginAgent(file: string, registry: string): Promise<StoredAgent> {
  const begun: StoredAgent = { registry, private_key: generateKeyPair().privateKey };
  const temporary = await writeBeside(file, begun);
  try {
    await link(temporary, file);
    return begun;
  } catch (error) {
    const stored = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readAgent(file) : null;
    if (stored === null) throw error;
    return stored;
  } finally {
    await unlink(temporary);
  }
}

/** Writes to a new file in the same directory, down to the disk. Resolves to its name. */
async function writeBeside(file: string, stored: StoredAgent): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(stored, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

/**
 * The client that the environment describes: AGENT_REGISTRY_URL, AGENT_REGISTRY_AGENT_ID and AGENT_REGISTRY_PRIVATE_KEY (hex or PEM).
 *
 * @throws TypeError naming what is missing.
 */
export function agentFromEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
  connection: Partial<Connection> = {},
): AgentClient {
  const read = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new TypeError(`${name} is not set`);
    return value;
  };
  const { privateKey } = readPrivateKey(read('AGENT_REGISTRY_PRIVATE_KEY'));
  const agentId = read('AGENT_REGISTRY_AGENT_ID');
  return createAgentClient({ baseUrl: read('AGENT_REGISTRY_URL'), ...connection, agentId, privateKey });
}
